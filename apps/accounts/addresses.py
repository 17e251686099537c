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


def is_somebody_elses(email: str, user: User) -> bool:
    """Whether an address belongs to another account, verified or not."""
    return bool(EmailAddress.objects.filter(email=email).exclude(user_id=user.pk).exists())
