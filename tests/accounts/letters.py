"""What each mail is made of, for tests and for pictures."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy

SITE = "https://food.example.org"
KEY = "MTI:1tQ9xY:4cB0sYk0y3Qe5Z0lYw3n8s9o1p2q3r4s5t6u7v8w9x0"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"

NOTICE: Mapping[str, Any] = {
    "timestamp": datetime(2026, 3, 1, 12, 5, tzinfo=UTC),
    "ip": "203.0.113.7",
    "user_agent": FIREFOX,
}

CONTEXTS: Mapping[str, Mapping[str, Any]] = {
    "account/email/email_confirmation_signup": {"activate_url": f"{SITE}/accounts/confirm-email/{KEY}/"},
    "account/email/email_confirmation": {"activate_url": f"{SITE}/accounts/confirm-email/{KEY}/"},
    "account/email/password_reset_key": {"password_reset_url": f"{SITE}/accounts/password/reset/key/c-{KEY}/"},
    "account/email/unknown_account": {"signup_url": f"{SITE}/accounts/signup/"},
    "account/email/account_already_exists": {"password_reset_url": f"{SITE}/accounts/password/reset/"},
    "account/email/invitation": {"invitation_url": f"{SITE}/account/invitations/{KEY}/", "days": 7},
    "account/email/new_device": {
        "device": "Firefox on Android",
        "ip": "203.0.113.7",
        "place": "Potsdam, Germany",
        "when": datetime(2026, 3, 1, 12, 5, tzinfo=UTC),
    },
    "account/email/account_deleted": {},
    "account/email/reminder": {"today_url": f"{SITE}/", "off_url": f"{SITE}/account/reminders/off/{KEY}/"},
    "account/email/operator_changed": {
        "what": gettext_lazy("An operator changed the password of your FoodMood account."),
        "when": datetime(2026, 3, 1, 12, 5, tzinfo=UTC),
        "events_url": f"{SITE}/account/events/",
    },
    "account/email/diary_opened": {
        "when": datetime(2026, 3, 1, 12, 5, tzinfo=UTC),
        "events_url": f"{SITE}/account/events/",
    },
    "account/email/password_changed": NOTICE,
    "account/email/password_set": NOTICE,
    "account/email/password_reset": NOTICE,
    "account/email/email_changed": {**NOTICE, "from_email": "alice@example.org", "to_email": "alice@example.com"},
    "account/email/email_added": {**NOTICE, "added_email": "alice@example.com"},
    "account/email/email_confirm": {**NOTICE, "confirmed_email": "alice@example.com"},
    "account/email/email_deleted": {**NOTICE, "deleted_email": "alice@example.com"},
    "mfa/email/totp_activated": NOTICE,
    "mfa/email/totp_deactivated": NOTICE,
    "mfa/email/recovery_codes_generated": NOTICE,
    "mfa/email/webauthn_added": NOTICE,
    "mfa/email/webauthn_removed": NOTICE,
}
