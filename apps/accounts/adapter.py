import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from apps.accounts.addresses import is_somebody_elses
from apps.accounts.devices import known_device
from apps.accounts.guesses import count_guess, forget_locks
from apps.accounts.invitations import remembered
from apps.accounts.letters import LETTERS
from apps.accounts.models import User
from apps.accounts.review import should_review
from foodmood import clock
from foodmood.addresses import normal_address
from foodmood.client_ip import client_ip
from foodmood.devices import describe
from foodmood.limits import seconds_left, take, too_many_requests
from foodmood.mail import mail_is_sent
from foodmood.password_hashing import HashingBusyError
from foodmood.places import place_of
from foodmood.requests import LONGEST_URL
from foodmood.sessions import STARTED


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is published without types
    """Where allauth asks FoodMood."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "cannot_remove_primary_email": gettext_lazy("Make another address your main one before you remove this one."),
        "duplicate_email": gettext_lazy("This address is on your list already."),
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "email_taken": gettext_lazy("There is an account with this address already."),
        "enter_current_password": gettext_lazy("That is not your password of now."),
        "incorrect_password": gettext_lazy("That is not your password."),
        "max_email_addresses": gettext_lazy("You can have at most %d addresses."),
        "unverified_primary_email": gettext_lazy("Verify this address first."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the guess in the place of allauth's own count; allauth gives it back when it was right."""
        self._login_failed_rl_usage = count_guess(request, credentials)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Take the guess back if the site was too busy to check it."""
        try:
            user: User | None = super().authenticate(request, **credentials)
        except HashingBusyError:
            self._rollback_login_failed_rl_usage()
            raise
        return user

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        forget_locks(user.email)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Who has a second factor shows that one: the password alone must not be enough to turn it off."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [way for way in ways if way["id"].startswith("mfa")] or ways

    def login(self, request: HttpRequest, user: User) -> None:
        """Past every factor: what is said from here on is said in the person's own language, and they are told when
        the browser is new to their account.
        """
        is_first = user.last_login is None
        is_known = known_device(request, user) is not None
        super().login(request, user)
        request.session[STARTED] = int(time.time())
        request.session.set_expiry(None)  # one that was made for a passkey's challenge would end soon
        translation.activate(user.language)
        if not (is_first or is_known) and mail_is_sent():
            context = {
                "user": user,
                "device": describe(request.headers.get("User-Agent", "")),
                "ip": (ip := client_ip(request)),
                "place": place_of(ip),
                "when": timezone.now(),
            }
            self.send_mail("account/email/new_device", user.email, context)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return redirect("accounts:review") if should_review(request, user) else answer

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.SIGNUP == "invite":
            return remembered(request) is not None
        return bool(settings.SIGNUP == "open")

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Whoever opened an invitation that was mailed to this address has proven it."""
        invitation = remembered(request)
        return mail_is_sent() and invitation is not None and invitation.email == email.lower()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def is_safe_url(self, url: str | None) -> bool:
        """Whether `next` may lead there. allauth raises an error for a malformed one, such as http://[, and to split
        a long host takes quadratic time.
        """
        if url and len(url) > LONGEST_URL:
            return False
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Where no mail can be sent, whoever waits for one is told, whether they have an account or not."""
        if not mail_is_sent():
            raise ImmediateHttpResponse(render(allauth_context.request, "account/no_mail.html", status=503))
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        with _as_read_by(user):
            LETTERS[template_prefix](context).to(email, sender=self.get_from_email()).send()

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Nobody waits for these: where no mail can be sent, what they tell of goes on without."""
        if mail_is_sent():
            super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)

    def clean_email(self, email: str) -> str:
        return normal_address(email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Not what became somebody else's since the link was sent, verified by them or not."""
        if is_somebody_elses(email_address.email, email_address.user):
            context = {"email": email_address.email}
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", context)
            return False
        return bool(super().confirm_email(request, email_address))

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC, signup: bool
    ) -> None:
        """Not twice at once. Counted by account and address, so that nobody who adds an address to theirs uses up the
        mails of whom it belongs to. To who is not signed in, the answer is the same as ever.
        """
        address = emailconfirmation.email_address
        counted = {"action": "verification-mail", "key": f"{address.user_id} {address.email}"}
        if take(request, **counted):
            super().send_confirmation_mail(request, emailconfirmation, signup)
        elif request.user.is_authenticated:
            wait = seconds_left(request, **counted)
            raise ImmediateHttpResponse(too_many_requests(request, wait=wait, reason="mail"))

    def send_account_already_exists_mail(self, email: str) -> None:
        """In the place of the mail above, and no more often."""
        if take(allauth_context.request, "verification-mail", key=email):
            super().send_account_already_exists_mail(email)


@contextmanager
def _as_read_by(user: User | None) -> Iterator[None]:
    """In the language and on the clock of whom a mail goes to; of whoever asked for it, where it goes to a stranger."""
    if user is None:
        yield
        return
    with translation.override(user.language), timezone.override(user.zone), clock.override(user.hour_format):
        yield
