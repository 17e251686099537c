from allauth.account.auth_backends import AuthenticationBackend

from apps.accounts.addresses import owner_of
from apps.accounts.models import User


class AddressBackend(AuthenticationBackend):  # type: ignore[misc] # allauth is published without types
    """Opens an account by its own address and by those it verified. allauth's takes what is merely added, too."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        found: User | None = self._check_password(owner_of(email), password)
        return found
