from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foodmood.addresses import address_key, normal_address
from foodmood.clock import HourFormat
from foodmood.zones import zone_names


def validate_time_zone(name: str) -> None:
    if name not in zone_names():
        raise ValidationError(_("“%(name)s” is no time zone. Choose one such as Europe/Berlin."), params={"name": name})


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=address_key(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normal_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    @transaction.atomic
    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Whoever has a shell on the server has proven more than a mailbox: the address counts as verified."""
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a diary. The e-mail address is the login; it is kept in lower case."""

    email = models.EmailField(_("e-mail address"), unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=16, default="en")
    hour_format = models.CharField(
        _("times of day"), max_length=2, blank=True, choices=HourFormat.choices, default="", db_default=""
    )
    consented_at = models.DateTimeField(_("agreed to storing health data"), null=True, editable=False)
    consent_version = models.CharField(
        _("version of the consent"), max_length=10, blank=True, default="", db_default="", editable=False
    )
    remind_at = models.TimeField(_("remind me at"), null=True, blank=True)  # on the person's own clock; None: never
    reminded_on = models.DateField(null=True, editable=False)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # how often: sessions.py

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_whatever_its_case")]
        indexes = [
            models.Index(
                fields=["time_zone", "remind_at"], condition=models.Q(remind_at__isnull=False), name="people_to_remind"
            ),
        ]

    def get_session_auth_hash(self) -> str:
        """What a session has to hold to be valid. Counting `sessions_ended` up ends them all, like a new password."""
        return super().get_session_auth_hash() + self._generation

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return (former + self._generation for former in super().get_session_auth_fallback_hash())

    @property
    def _generation(self) -> str:
        return f".{self.sessions_ended}" if self.sessions_ended else ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Not accepted yet; their time may be over."""
        return self.filter(accepted_by=None)

    def pending(self, now: datetime | None = None) -> "InvitationQuerySet":
        """Those whose link works."""
        return self.open().filter(expires_at__gt=now or timezone.now())


class Invitation(models.Model):
    """Somebody may sign up with this address. The link's token is kept as a hash only; see invitations.py."""

    email = models.EmailField(_("e-mail address"))
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="invitations", verbose_name=_("invited by")
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    accepted_by = models.OneToOneField(
        User, models.CASCADE, null=True, blank=True, related_name="invitation", verbose_name=_("accepted by")
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(accepted_by=None), name="one_open_invitation_per_address"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
