import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth is published without types
    """Two-step log-in in FoodMood's words, with its secrets encrypted: a stolen database opens no account."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": gettext_lazy(
            "Turn two-step log-in off, add and verify the address, and turn it on again."
        ),
        "cannot_delete_authenticator": gettext_lazy("Two-step log-in can’t be turned off for this account."),
        "cannot_generate_recovery_codes": gettext_lazy("Turn two-step log-in on first."),
        "incorrect_code": gettext_lazy("That is not the right code, or it was used already. Wait for the next one."),
        "unverified_email": gettext_lazy("Verify every address of yours first, or remove it: see “E-mail addresses”."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "A secret of two-step log-in can't be read: DJANGO_SECRET_KEY changed."
                " Put the former key into DJANGO_SECRET_KEY_FALLBACKS."
            ) from error

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 -- allauth names it so
        others = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)d") % {"number": others + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "FoodMood"}


def _box() -> MultiFernet:
    """Encrypts with the secret key's own child; decrypts with those of former keys, too."""
    keys = (
        salted_hmac("apps.accounts.mfa", "secrets at rest", secret=secret, algorithm="sha256").digest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


@transaction.atomic
def renew_secrets() -> int:
    """Encrypt every secret with the key of now, so that a former one may go; of how many second factors."""
    box = _box()
    factors = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
    for factor in factors:
        for name in factor.data.keys() & {"secret", "seed"}:
            factor.data[name] = box.rotate(factor.data[name].encode()).decode()
        factor.save(update_fields=["data"])
    return len(factors)
