"""E-mail addresses in one spelling: one mailbox is one account, and one count of every limit."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

# "alice"@example.org is alice@example.org; "a b"@example.org has many spellings, and hardly any mailbox.
QUOTED = re.compile(r'"([a-z0-9!#$%&\'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&\'*+/=?^_`{|}~-]+)*)"', re.IGNORECASE | re.ASCII)
LONGEST = 254  # characters that SMTP takes (RFC 5321 with erratum 1690), and our columns


def normal_address(typed: str) -> str:
    """The spelling in which an address is kept: in lower case, its domain as mail servers see it.

    Full-width letters, ligatures and soft hyphens in a domain vanish there as they do when a mail is sent, and needless
    quotation marks are left out. Raises ValidationError if no mail can be sent to it: the domain has no such form or is
    a number, or the part before it is not ASCII or needs quotation marks.
    """
    _refuse_too_long(typed)  # before the work that its length would multiply
    local, at, domain = typed.strip().rpartition("@")
    if quoted := QUOTED.fullmatch(local):
        local = quoted[1]
    if '"' in local or domain.startswith("["):
        raise _no_mail_goes_there()
    try:
        address = f"{local}{at}{punycode(domain)}".lower()
    except UnicodeError as error:
        raise _no_mail_goes_there() from error
    if not address.isascii():
        raise _no_mail_goes_there()
    _refuse_too_long(address)
    validate_email(address)
    return address


def address_key(typed: str) -> str:
    """What counts and look-ups go by, whatever was typed: its normal spelling, or lower case where it has none."""
    try:
        return normal_address(typed)
    except ValidationError:
        return typed.strip().lower()


def _refuse_too_long(address: str) -> None:
    if len(address) > LONGEST:
        message = _("This address is too long: use one of at most %(longest)d characters.")
        raise ValidationError(message, "max_length", {"longest": LONGEST})


def _no_mail_goes_there() -> ValidationError:
    return ValidationError(_("No mail can be sent to this address. Check how it is spelled."), "invalid")
