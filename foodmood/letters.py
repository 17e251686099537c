"""A mail as people read it: one set of words, sent as text and as HTML."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

WIDTH = 72  # of a line of text, so that a quoted one still fits on a screen of 80


@dataclass(frozen=True)
class Letter:
    """What a mail says. Every text is plain: the two forms that it is sent in escape and wrap by themselves.

    `link` is the label of the one button and the absolute address behind it; `details`, labels with what they
    say, such as when and where from, follow the first paragraph; `afterwards` stands last and smaller. `unsubscribe` is
    the address that ends mails of this kind: the last line, and for mail programs to show as a button (RFC 8058).
    """

    subject: str
    paragraphs: Sequence[str]
    link: tuple[str, str] | None = None
    details: Sequence[tuple[str, str]] = ()
    afterwards: Sequence[str] = ()
    unsubscribe: str = ""

    def to(self, address: str, *, sender: str) -> EmailMultiAlternatives:
        """The mail, in the language and the time zone that are active. Out-of-office replies are not wanted."""
        subject = " ".join(self.subject.split())  # a line end would begin another header
        headers = {"Auto-Submitted": "auto-generated"}
        if self.unsubscribe:
            headers["List-Unsubscribe"] = f"<{self.unsubscribe}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail = EmailMultiAlternatives(subject, self._text(), sender, [address], headers=headers)
        html = render_to_string("mail/letter.html", {"letter": self, "subject": subject})
        mail.attach_alternative(html, "text/html")
        return mail

    def _text(self) -> str:
        details = "\n".join(_wrapped(f"{label}: {said}", indent="  ") for label, said in self.details)
        link = f"{self.link[0]}:\n{self.link[1]}" if self.link else ""
        end = _("End these mails") + f":\n{self.unsubscribe}" if self.unsubscribe else ""
        first, *more = map(_wrapped, self.paragraphs)
        parts = [
            first,
            details,
            *more,
            link,
            *map(_wrapped, self.afterwards),
            end,
            "-- \nFoodMood",  # what mail programs know as a signature
        ]
        return "\n\n".join(filter(None, parts)) + "\n"


def _wrapped(paragraph: str, indent: str = "") -> str:
    return textwrap.fill(paragraph, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
