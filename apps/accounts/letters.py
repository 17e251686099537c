"""The words of every mail that an account sends, by the name that allauth (or the code that sends it) gives the mail.

None of them says a thing about anybody's diary: a mail is read on the way, and on lock screens.
"""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foodmood.clock import written
from foodmood.devices import describe
from foodmood.letters import Letter

Context = Mapping[str, Any]
DAY = 24 * 60 * 60  # seconds


def _verify_new(context: Context) -> Letter:
    return Letter(
        subject=_("Confirm your e-mail address"),
        paragraphs=[
            _("Welcome to FoodMood. One step is left: say that this address is yours, and your diary is open.")
        ],
        link=(_("Confirm this address"), context["activate_url"]),
        afterwards=[
            _confirmable(),
            _("In another browser than the one in which you signed up, you choose a new password first."),
            _("If it was not you who signed up, do nothing: the account stays shut, and is deleted by itself."),
        ],
    )


def _verify_added(context: Context) -> Letter:
    return Letter(
        subject=_("Confirm your e-mail address"),
        paragraphs=[_("Somebody gave this address for an account on FoodMood. If it was you, say that it is yours.")],
        link=(_("Confirm this address"), context["activate_url"]),
        afterwards=[
            _confirmable(),
            _("Open it where you are logged in."),
            _("If it was not you, do nothing: without your word this address can’t be used."),
        ],
    )


def _reset(context: Context) -> Letter:
    return Letter(
        subject=_("Choose a new password"),
        paragraphs=[
            _("You, or somebody else, asked for a new password for the FoodMood account with this address."),
        ],
        link=(_("Choose a new password"), context["password_reset_url"]),
        afterwards=[
            _("The link works once, and for %(how_long)s.") % {"how_long": _how_long(settings.PASSWORD_RESET_TIMEOUT)},
            _("If it was not you, do nothing: your password stays as it is."),
        ],
    )


def _unknown(context: Context) -> Letter:
    open_to_all = get_adapter().is_open_for_signup(allauth_context.request)
    return Letter(
        subject=_("There is no account with this address"),
        paragraphs=[
            _(
                "You, or somebody else, asked for a new password on FoodMood. No account there has this address:"
                " perhaps you signed up with another one."
            )
        ],
        link=(_("Begin a diary"), context["signup_url"]) if open_to_all else None,
        afterwards=[_("If it was not you, do nothing: this address is not kept.")],
    )


def _exists(context: Context) -> Letter:
    return Letter(
        subject=_("You have an account already"),
        paragraphs=[
            _(
                "You, or somebody else, wanted to sign up on FoodMood with this address. It has an account already, and"
                " nothing about it was changed."
            ),
            _("Log in as ever. If you can’t remember your password, choose a new one."),
        ],
        link=(_("Choose a new password"), context["password_reset_url"]),
        afterwards=[_("If it was not you, do nothing: whoever it was did not learn that you have an account.")],
    )


def _invitation(context: Context) -> Letter:
    return Letter(
        subject=_("You are invited to FoodMood"),
        paragraphs=[
            _(
                "FoodMood is a diary of what you eat and how you feel. It finds out honestly which foods go with which"
                " feelings, and what you write there you can take out or delete whenever you like."
            ),
            _("With this invitation you can begin one."),
        ],
        link=(_("Accept the invitation"), context["invitation_url"]),
        afterwards=[
            _("The link works once, and for %(how_long)s.") % {"how_long": _how_long(context["days"] * DAY)},
            _("If you don’t know why you got this, do nothing: no account is made without you."),
        ],
    )


def _new_device(context: Context) -> Letter:
    details = [
        (_("When"), _moment(context["when"])),
        (_("Device"), context["device"]),
        (_("Place"), context.get("place") or ""),
        (_("Network address"), context["ip"]),
    ]
    return Letter(
        subject=_("Somebody logged in on a new device"),
        paragraphs=[
            _("Somebody logged in to your FoodMood account, from a device that was not used for it before."),
            _well_or_not(),
        ],
        details=[(label, said) for label, said in details if said],
        link=_new_password(),
        afterwards=[_and_then()],
    )


def _deleted(context: Context) -> Letter:
    days = settings.RETENTION["backups"].days
    if context.get("by_operator"):
        said = _("An operator deleted your FoodMood account and your whole diary. This is the last mail from us.")
        if_not = _(
            "If you did not ask for that, write to whoever runs this FoodMood soon, while a backup still holds your"
            " diary."
        )
    else:
        said = _("Your FoodMood account is gone, and your whole diary with it. This is the last mail from us.")
        if_not = _(
            "If it was not you who deleted it, somebody had your password: write to whoever runs this FoodMood"
            " soon, while a backup still holds your diary, and change that password wherever else you use it."
        )
    return Letter(
        subject=_("Your account is deleted"),
        paragraphs=[
            said,
            ngettext(
                "Copies in backups are gone after %(days)d day, too.",
                "Copies in backups are gone after %(days)d days, too.",
                days,
            )
            % {"days": days},
            _("Thank you for having been here. We wish you well."),
        ],
        afterwards=[if_not],
    )


def _operator_changed(context: Context) -> Letter:
    return Letter(
        subject=_("An operator changed your account"),
        paragraphs=[
            str(context["what"]),
            _("Operators are the people who run this FoodMood. If you don’t know why they did this, ask them."),
        ],
        details=[(_("When"), _moment(context["when"]))],
        link=(_("Your security events"), context["events_url"]),
    )


def _diary_opened(context: Context) -> Letter:
    return Letter(
        subject=_("An operator opened your diary"),
        paragraphs=[
            _("One of the people who run this FoodMood opened entries of your diary. If you don’t know why, ask them."),
        ],
        details=[(_("When"), _moment(context["when"]))],
        link=(_("Your security events"), context["events_url"]),
        afterwards=[_("You get this mail once a day at most for each operator. Your security events name each time.")],
    )


def _reminder(context: Context) -> Letter:
    return Letter(
        subject=_("How was today?"),
        paragraphs=[_("You asked to be reminded of your diary at this hour. It takes a minute.")],
        link=(_("Open today"), context["today_url"]),
        afterwards=[_("Another hour can be chosen under “Account”.")],
        unsubscribe=context["off_url"],
    )


def _change(subject: Promise, said: Promise) -> Callable[[Context], Letter]:
    """A mail that says what was changed in an account, when and from where, and what to do if it was not its owner."""

    def letter(context: Context) -> Letter:
        return Letter(
            subject=str(subject),
            paragraphs=[said % context, _well_or_not()],
            details=[
                (_("When"), _moment(context["timestamp"])),
                (_("Device"), describe(context["user_agent"])),
                (_("Network address"), context["ip"]),
            ],
            link=_new_password(),
            afterwards=[_and_then()],
        )

    return letter


def _new_password() -> tuple[str, str]:
    return _("Choose a new password"), build_absolute_uri(allauth_context.request, reverse("account_reset_password"))


def _well_or_not() -> str:
    return _(
        "If it was you, all is well. If not, somebody else is in your account: choose a new password now. It logs out"
        " every device that is in."
    )


def _and_then() -> str:
    return _(
        "If it was not you, look then under “Account” at your e-mail addresses and at what else you log in with, and"
        " remove what is not yours. If you can’t get in any more, write to whoever runs this FoodMood."
    )


def _confirmable() -> str:
    days = account_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS
    return _("The link works for %(how_long)s.") % {"how_long": _how_long(days * DAY)}


def _how_long(seconds: int) -> str:
    hours = seconds // 3600
    if hours % 24 or hours < 48:  # noqa: PLR2004 -- “24 hours” says more exactly what “1 day” means
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


def _moment(moment: Any) -> str:
    """On the recipient's own clock, with the zone, because a mail is read anywhere."""
    local = timezone.localtime(moment)
    return f"{written(local, 'DATETIME_FORMAT')} ({local:%Z})"


LETTERS: Mapping[str, Callable[[Context], Letter]] = {
    "account/email/email_confirmation_signup": _verify_new,
    "account/email/email_confirmation": _verify_added,
    "account/email/password_reset_key": _reset,
    "account/email/unknown_account": _unknown,
    "account/email/account_already_exists": _exists,
    "account/email/invitation": _invitation,
    "account/email/new_device": _new_device,
    "account/email/account_deleted": _deleted,
    "account/email/reminder": _reminder,
    "account/email/operator_changed": _operator_changed,
    "account/email/diary_opened": _diary_opened,
    "account/email/password_changed": _change(
        gettext_lazy("Your password was changed"),
        gettext_lazy("The password of your FoodMood account was changed."),
    ),
    "account/email/password_set": _change(
        gettext_lazy("Your account has a password now"),
        gettext_lazy("Your FoodMood account had no password, and was given one."),
    ),
    "account/email/password_reset": _change(
        gettext_lazy("You have a new password"),
        gettext_lazy("A new password for your FoodMood account was chosen by a link from a mail."),
    ),
    "account/email/email_changed": _change(
        gettext_lazy("Your e-mail address was changed"),
        gettext_lazy(
            "Your FoodMood account went from the address %(from_email)s to %(to_email)s. Its mail goes there now."
        ),
    ),
    "account/email/email_added": _change(
        gettext_lazy("An e-mail address was added"),
        gettext_lazy("The address %(added_email)s was added to your FoodMood account. It counts once it is confirmed."),
    ),
    "account/email/email_confirm": _change(
        gettext_lazy("An e-mail address was confirmed"),
        gettext_lazy("The address %(confirmed_email)s of your FoodMood account was confirmed. It may log in now."),
    ),
    "account/email/email_deleted": _change(
        gettext_lazy("An e-mail address was removed"),
        gettext_lazy("The address %(deleted_email)s was removed from your FoodMood account."),
    ),
    "mfa/email/totp_activated": _change(
        gettext_lazy("Logging in asks for a code now"),
        gettext_lazy("An authenticator app was switched on for your FoodMood account: logging in asks for its code."),
    ),
    "mfa/email/totp_deactivated": _change(
        gettext_lazy("Logging in asks for no code any more"),
        gettext_lazy("The authenticator app was switched off for your FoodMood account."),
    ),
    "mfa/email/recovery_codes_generated": _change(
        gettext_lazy("You have new recovery codes"),
        gettext_lazy("New recovery codes were made for your FoodMood account. The old ones work no more."),
    ),
    "mfa/email/webauthn_added": _change(
        gettext_lazy("A passkey was added"),
        gettext_lazy("A passkey or security key was added to your FoodMood account, and may log in from now on."),
    ),
    "mfa/email/webauthn_removed": _change(
        gettext_lazy("A passkey was removed"),
        gettext_lazy("A passkey or security key was removed from your FoodMood account."),
    ),
}
