"""What a provider says became of a mail."""

import logging
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from foodmood.mail.models import Suppression, bare

logger = logging.getLogger(__name__)

# What providers call a bounce that may pass: a full mailbox, a server that is down. anymail tells them apart for
# Mailgun only.
SOFT = {"transient", "undetermined", "softbounce", "soft_bounce", "blocked"}


def note_bounce(*, event: AnymailTrackingEvent, esp_name: str, **_signal: Any) -> None:
    """Receiver of anymail's signal: no more mail to who does not exist or complains. Safe to hear twice."""
    reason = _reason(event)
    address = bare(event.recipient or "")
    if reason and _can_be_written_to(address):
        Suppression.objects.get_or_create(address=address, defaults={"reason": reason})
        logger.warning("%s reports an address that %s; no more mail goes there.", esp_name, reason.value)


def _can_be_written_to(address: str) -> bool:
    """What is none never got a mail of ours, and may not even fit the column."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _reason(event: AnymailTrackingEvent) -> Suppression.Reason | None:
    if event.event_type == EventType.COMPLAINED:
        return Suppression.Reason.COMPLAINED
    if event.event_type == EventType.BOUNCED and not _is_soft(event.esp_event):
        return Suppression.Reason.BOUNCED
    if event.event_type == EventType.REJECTED and event.reject_reason in {RejectReason.INVALID, RejectReason.BOUNCED}:
        return Suppression.Reason.BOUNCED
    return None


def _is_soft(bounce: Any) -> bool:
    words = [
        bounce.get("Type"),  # Postmark
        bounce.get("event"),  # Brevo
        bounce.get("type"),  # SendGrid
        _at(bounce, "bounce", "bounceType"),  # SES
        _at(bounce, "data", "bounce", "type"),  # Resend
    ]
    return any(isinstance(word, str) and word.lower() in SOFT for word in words)


def _at(found: Any, *path: str) -> Any:
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found
