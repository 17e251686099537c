"""What arrived by mail, as its reader uses it."""

import re
from urllib.parse import urlsplit

from django.core import mail


def last_link(to: str | None = None) -> str:
    """The path of the first link in the latest mail, or in the latest to that address."""
    *_former, letter = (letter for letter in mail.outbox if to is None or to in letter.to)
    link, *_others = re.findall(r"https?://\S+", str(letter.body))
    return str(urlsplit(link).path)
