from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.mfa import renew_secrets


class Command(BaseCommand):
    help = "Encrypt the secrets of two-step log-in with the secret key of now, so that a former one can be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = renew_secrets()
        except InvalidToken:
            raise CommandError(
                "A secret was encrypted with a key that is not here, and nothing was changed. Put the former key into"
                " DJANGO_SECRET_KEY_FALLBACKS."
            ) from None
        self.stdout.write(f"Encrypted anew: the secrets of {number} second factor(s).")
