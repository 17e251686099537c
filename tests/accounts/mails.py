"""What arrived by mail, as its reader uses it."""

import re
from urllib.parse import urlsplit

from django.core import mail


def last_link() -> str:
    """The path of the first link in the latest mail."""
    link, *_others = re.findall(r"https?://\S+", str(mail.outbox[-1].body))
    return str(urlsplit(link).path)
