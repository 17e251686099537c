"""Listens to Django, allauth and axes, so that nobody who changes a page has to think of the trail."""

from typing import Any

from allauth.account import signals as account
from allauth.core import context
from allauth.mfa import signals as mfa
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from foodmood.audit.models import SERVER, Event, SecurityEvent, record

User = get_user_model()
People = User._default_manager  # noqa: SLF001 -- Django's documented API
UNKNOWN_PER_HOUR = 600  # above what the alert FoodMoodLogInsFail waits for
RIGHTS = ("is_active", "is_staff", "is_superuser")
WATCHED = frozenset({*RIGHTS, "email", "password"})

diary_seen = Signal()  # `owner`, by number: an operator opened or changed a row of their diary; `request`
person_changed = Signal()  # `person` as saved; `before`: the former values of what changed, of WATCHED

OF_A_PERSON: dict[Signal, Event] = {
    user_logged_in: Event.LOGGED_IN,
    user_logged_out: Event.LOGGED_OUT,
    account.user_signed_up: Event.SIGNED_UP,
    account.password_set: Event.PASSWORD_CHANGED,
    account.password_changed: Event.PASSWORD_CHANGED,
    account.password_reset: Event.PASSWORD_RESET,
    account.email_added: Event.EMAIL_ADDED,
    account.email_removed: Event.EMAIL_REMOVED,
    mfa.authenticator_added: Event.SECOND_FACTOR_ADDED,
    mfa.authenticator_removed: Event.SECOND_FACTOR_REMOVED,
    mfa.authenticator_reset: Event.SECOND_FACTOR_RENEWED,
    mfa.authentication_failed: Event.SECOND_FACTOR_FAILED,
}


def note(signal: Signal, request: HttpRequest | None, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    if user is not None:  # a log-out of nobody
        authenticator = kwargs.get("authenticator")
        record(OF_A_PERSON[signal], request=request, person=user.pk, detail=getattr(authenticator, "type", ""))


for each in OF_A_PERSON:
    each.connect(note, dispatch_uid="foodmood.audit")


@receiver(account.email_confirmed)
def note_confirmed(request: HttpRequest, email_address: Any, **kwargs: Any) -> None:
    record(Event.EMAIL_CONFIRMED, request=request, person=email_address.user_id)


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    email = credentials.get("email") or credentials.get("username")
    _record_guess(Event.LOGIN_FAILED, request, email)


if apps.is_installed("axes"):
    from axes.signals import user_locked_out

    @receiver(user_locked_out)
    def note_lock_out(request: HttpRequest, username: str | None, **kwargs: Any) -> None:
        _record_guess(Event.LOCKED_OUT, request, username)


def _record_guess(event: Event, request: HttpRequest | None, email: str | None) -> None:
    """Record a guess at somebody's password. Of those at addresses without an account, only so many an hour: anybody
    can make them up, while guesses at accounts are limited before they come here.
    """
    person = _number_of(email)
    if person is not None or SecurityEvent.objects.of_unknown_addresses().recent() < UNKNOWN_PER_HOUR:
        record(event, request=request, person=person)


def _number_of(email: str | None) -> int | None:
    return People.filter(email__iexact=email or "").values_list("pk", flat=True).first()


# What follows is seen wherever it is done: on a page, in the admin, in a shell.


@receiver(pre_save, sender=User)
def look_before(instance: Any, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
    watched = WATCHED if update_fields is None else WATCHED & update_fields
    if _is_rehash(instance, update_fields):
        watched -= {"password"}
    before = People.filter(pk=instance.pk).values(*watched).first() if instance.pk and watched else None
    instance.before_save = before or {}


@receiver(post_save, sender=User)
def note_changes(instance: Any, **kwargs: Any) -> None:
    before = {name: old for name, old in instance.before_save.items() if old != getattr(instance, name)}
    if "email" in before:
        detail = "" if context.request else SERVER
        record(Event.EMAIL_CHANGED, request=context.request, person=instance.pk, detail=detail)
    if rights := ", ".join(f"{name}={getattr(instance, name)}" for name in RIGHTS if name in before):
        record(Event.RIGHTS_CHANGED, request=context.request, person=instance.pk, detail=rights)
    if before:
        person_changed.send(User, person=instance, before=before)


def _is_rehash(instance: Any, update_fields: frozenset[str] | None) -> bool:
    """Whether Django saves the same password hashed in a newer way, as it does at a log-in."""
    is_new = instance._password is not None or not instance.has_usable_password()  # noqa: SLF001 -- Django has no other sign
    return update_fields == frozenset({"password"}) and not is_new


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def note_granted(instance: Any, action: str, model: Any, pk_set: set[int] | None, **kwargs: Any) -> None:
    if isinstance(instance, User) and action in {"post_add", "post_remove", "post_clear"}:
        detail = f"{model.__name__} {action.removeprefix('post_')} {sorted(pk_set or ())}"
        record(Event.RIGHTS_CHANGED, request=context.request, person=instance.pk, detail=detail)


@receiver(post_delete, sender=User)
def note_deleted(instance: Any, **kwargs: Any) -> None:
    record(Event.ACCOUNT_DELETED, request=context.request, person=instance.pk)
