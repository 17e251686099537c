"""Daylio's notes: a title and a text with a little HTML → plain text."""

import html
import re

_LINE_END = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6])\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)  # a letter must follow: "I <3 you" is no tag
_MANY_LINE_ENDS = re.compile(r"\n{3,}")


def plain_note(title: str, note: str) -> str:
    parts = [_plain(title), _plain(note)]
    return "\n".join(part for part in parts if part)


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _TAG.sub("", _LINE_END.sub("\n", text))
    # Entities last: what was written as &lt;b&gt; is text that a person wrote, not a tag.
    text = html.unescape(text).replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")
    lines = [line.rstrip() for line in text.split("\n")]
    return _MANY_LINE_ENDS.sub("\n\n", "\n".join(lines)).strip()
