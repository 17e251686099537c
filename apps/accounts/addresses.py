"""A person's e-mail address is in two places: on the person, and with allauth, which knows whether it is verified."""

from allauth.account.models import EmailAddress
from django.db import transaction

from apps.accounts.models import User


@transaction.atomic
def set_address(*, user: User, verified: bool) -> None:
    """Make `user.email` the person's primary address. One that they had already stays verified if it was."""
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=user.email).delete()
    address, created = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": verified}
    )
    if not created:
        address.primary = True
        address.verified = address.verified or verified
        address.save(update_fields=["primary", "verified"])


def owner_of(email: str) -> User | None:
    """Whose an address is: theirs who verified it, or else theirs whose account is in its name.

    What somebody has merely added to their list belongs to nobody: anybody can add any address. allauth would let it
    take part in sign-up, log-in and reset, so each of these asks here instead (docs/adr/0010).
    """
    verified = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return verified.user if verified else User.objects.filter(email=email).first()


def is_somebody_elses(email: str, user: User) -> bool:
    owner = owner_of(email)
    return owner is not None and owner != user
