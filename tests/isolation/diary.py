"""Three diaries of one shape: alice's, bob's, and a ghost's, which was never written.

Their ids and texts have the same lengths, so that an answer about alice's can be held against one about the ghost's.
"""

from dataclasses import dataclass, fields
from typing import Any, Self

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.db.models import Model, Q
from django.utils.http import int_to_base36
from django.utils.timezone import now

from apps.accounts.models import Invitation, User
from apps.portability.models import Import, ImportedRow
from foodmood.audit.models import Event, SecurityEvent
from foodmood.mail.models import QueuedMail, Suppression
from tests.factories import (
    NOON,
    CategoryFactory,
    EdibleFactory,
    EntryFactory,
    IngredientFactory,
    MealFactory,
    OptionFactory,
    PortionFactory,
    UserFactory,
)
from tests.isolation import passkey

DAY = "2026-03-01"

# Rows about a person that no foreign key leads to. Others may add to them (a wrong password for somebody's address is
# an event of theirs): what must stay as it was is the diary's own.
WITHOUT_KEYS: dict[type[Model], str] = {
    User: "user",
    Invitation: "invitation",
    SecurityEvent: "event",
    AccessAttempt: "attempt",
    QueuedMail: "mail",
    Suppression: "suppression",
}


@dataclass(frozen=True)
class Diary:
    """What a path or a form may name: ids of rows, and texts that only their owner may read."""

    mark: str
    email: str
    user: int
    user36: str  # the user's id as the links in mails write it
    address: int  # the row of the e-mail address
    edible: int  # inside the container, and eaten
    edible_name: str
    container: int
    loose: int  # an edible that nothing holds, so that it can be deleted
    meal: int
    title: str
    notes: str
    category: int
    category_name: str
    option: int
    other: int  # the other step of the scale
    label: str
    entry: int
    imported: int  # an import
    spare: int  # an archived category without entries, so that it can be deleted
    key: int  # a passkey
    device: int  # a browser that is signed in
    invitation: int
    event: int  # a line of the audit trail
    attempt: int  # wrong passwords
    mail: int  # one that waits
    suppression: int
    ip: str

    @classmethod
    def of(cls, mark: str, first: int) -> Self:
        """Ids from `first` on; every text begins with the mark."""
        return cls(
            mark=mark,
            email=f"{mark.lower()}@example.org",
            user=first,
            user36=int_to_base36(first),
            address=first + 1,
            edible=first + 2,
            edible_name=f"{mark}Edible",
            container=first + 3,
            loose=first + 4,
            meal=first + 5,
            title=f"{mark}Title",
            notes=f"{mark}Notes",
            category=first + 6,
            category_name=f"{mark}Category",
            option=first + 7,
            other=first + 8,
            label=f"{mark}Label",
            entry=first + 9,
            spare=first + 10,
            key=first + 11,
            device=first + 12,
            invitation=first + 13,
            event=first + 14,
            attempt=first + 15,
            mail=first + 16,
            suppression=first + 17,
            imported=first + 18,
            ip=f"198.51.100.{first // 1_000_000}",
        )

    def write(self, **person: Any) -> User:
        """Into the database; returns its owner, whose e-mail address is verified."""
        owner = UserFactory.create(pk=self.user, email=self.email, **person)
        EmailAddress.objects.filter(user=owner).delete()
        EmailAddress.objects.create(pk=self.address, user=owner, email=self.email, verified=True, primary=True)
        edible = EdibleFactory.create(pk=self.edible, owner=owner, name=self.edible_name, notes=self.notes)
        container = EdibleFactory.create(pk=self.container, owner=owner, name=f"{self.mark}Container")
        IngredientFactory.create(container=container, edible=edible)
        EdibleFactory.create(pk=self.loose, owner=owner, name=f"{self.mark}Loose")
        meal = MealFactory.create(pk=self.meal, owner=owner, title=self.title, notes=self.notes)
        PortionFactory.create(meal=meal, edible=edible, unit=f"{self.mark}Unit")
        category = CategoryFactory.create(
            pk=self.category, owner=owner, name=self.category_name, description=self.notes
        )
        option = OptionFactory.create(pk=self.option, category=category, label=self.label, value=1)
        OptionFactory.create(pk=self.other, category=category, label=f"{self.mark}Other", value=2)
        EntryFactory.create(pk=self.entry, option=option, recorded_at=NOON, notes=self.notes)
        CategoryFactory.create(pk=self.spare, owner=owner, name=f"{self.mark}Spare", is_active=False)
        imported = Import.objects.create(pk=self.imported, owner=owner, format="daylio", file_name=f"{self.mark}File")
        ImportedRow.objects.create(
            owner=owner, origin=imported, kind=ImportedRow.Kind.EDIBLE, row=self.loose, added=True, written=""
        )
        self._write_account(owner)
        return owner

    def _write_account(self, owner: User) -> None:
        """What is kept about the person beside the diary."""
        device = self._note_device(owner)
        Invitation.objects.create(
            pk=self.invitation, email=f"{self.mark.lower()}guest@example.org", token_hash=self.mark, expires_at=now()
        )
        SecurityEvent.objects.create(pk=self.event, event=Event.LOGGED_IN, person=self.user, ip=self.ip, device=device)
        AccessAttempt.objects.create(
            pk=self.attempt, username=self.email, ip_address=self.ip, user_agent=device, failures_since_start=1
        )
        QueuedMail.objects.create(
            pk=self.mail,
            message_id=f"<{self.mark}Mail>",
            message={"to": [self.email], "cc": [], "bcc": [], "subject": f"{self.mark}Subject"},
        )
        Suppression.objects.create(pk=self.suppression, address=self.email, reason=Suppression.Reason.BOUNCED)

    def take_two_steps(self) -> None:
        """To log in, from now on."""
        owner = User.objects.get(pk=self.user)
        key = {"name": f"{self.mark}Key", "credential": passkey.registration()}
        Authenticator.objects.create(pk=self.key, user=owner, type=Authenticator.Type.WEBAUTHN, data=key)
        TOTP.activate(owner, generate_totp_secret())
        RecoveryCodes.activate(owner)
        self._note_device(owner)  # again: a new factor ends all sessions

    def _note_device(self, owner: User) -> str:
        device = f"{self.mark}Device"
        UserSession.objects.create(pk=self.device, user=owner, session_key=self.mark, ip=self.ip, user_agent=device)
        return device

    def texts(self) -> set[str]:
        """What only the owner may read."""
        more = {
            self.mark + word
            for word in ("Container", "File", "Loose", "Unit", "Other", "Spare", "Key", "Device", "Mail", "Subject")
        }
        return {self.email, self.ip, self.edible_name, self.title, self.notes, self.category_name, self.label} | more

    def hidden_in(self, text: str) -> str:
        """The text with this diary's ids and marks taken out: what remains may not tell alice's from a ghost's."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "mark":
                text = text.replace(str(value), f"<{field.name}>")
        return text.replace(self.mark, "<mark>").replace(self.mark.lower(), "<mark>")


ALICE = Diary.of("Alicesecret", 71_000_000)
GHOST = Diary.of("Ghostsecret", 72_000_000)
BOB = Diary.of("Bobsownmark", 73_000_000)


def rows_of(diary: Diary) -> dict[str, list[dict[str, Any]]]:
    """Every row of every model that belongs to the diary's owner."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        theirs = Q(*((chain, diary.user) for chain in _chains(model)), _connector=Q.OR)
        if model in WITHOUT_KEYS:
            theirs |= Q(pk=getattr(diary, WITHOUT_KEYS[model]))
        if theirs:
            found[model._meta.label] = list(model._base_manager.filter(theirs).order_by("pk").values())  # noqa: SLF001 -- Django's documented API
    return found


def _chains(model: type[Model], depth: int = 3) -> list[str]:
    """Lookups that lead from the model to a user, such as `category__owner`."""
    chains = []
    for field in model._meta.concrete_fields:  # noqa: SLF001 -- Django's documented API
        target: Any = field.related_model
        if target is User:
            chains.append(field.name)
        elif target not in {None, model} and depth:
            chains += [f"{field.name}__{chain}" for chain in _chains(target, depth - 1)]
    return chains
