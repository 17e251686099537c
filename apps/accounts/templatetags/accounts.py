from typing import Any

from allauth.usersessions.models import UserSession
from django import template
from django.conf import settings

from apps.accounts import confirming
from foodmood.devices import describe
from foodmood.mail import mail_is_sent
from foodmood.places import place_of

register = template.Library()


@register.simple_tag(takes_context=True)
def confirmed_lately(context: dict[str, Any]) -> bool:
    """Whether downloads and imports are open to this person just now."""
    return confirming.has_confirmed(context["request"])


@register.simple_tag
def confirm_link(back: str) -> str:
    return confirming.confirm_link(back)


@register.simple_tag
def signup_is_open() -> bool:
    """Whether everybody may sign up, so that a page offers it."""
    return bool(settings.SIGNUP == "open")


@register.simple_tag
def signup_needs_invitation() -> bool:
    return bool(settings.SIGNUP == "invite")


@register.simple_tag
def site_sends_mail() -> bool:
    return mail_is_sent()


@register.simple_tag(takes_context=True)
def other_sessions(context: dict[str, Any]) -> int:
    """In how many other browsers the person is logged in."""
    request = context["request"]
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    return int(others.count())


@register.filter
def device(session: UserSession) -> str:
    return describe(session.user_agent)


@register.filter
def place(session: UserSession) -> str:
    return place_of(session.ip)
