"""Bytes of an uploaded text file, checked to be UTF-8, with a mend for what people really upload instead."""

import codecs

from django.utils.translation import gettext as _

from apps.archive.problems import Fault

_ZIP = b"PK\x03\x04"  # also every .xlsx and .ods
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode_utf8(data: bytes) -> str:
    """The text without its byte order mark; raises Fault."""
    if not data or data.isspace():
        raise Fault(_("The file is empty"), _("export it again and choose the new file"))
    if data.startswith(_ZIP):
        raise Fault(
            _("This is a ZIP archive or a spreadsheet, not text"),
            _("unpack it, or save the sheet as CSV in UTF-8"),
        )
    if data.startswith(_UTF_16):
        raise Fault(_("The file is in UTF-16"), _("save it as UTF-8"))
    if b"\0" in data:
        raise Fault(_("The file holds NUL bytes, so it is not text"), _("choose the exported text file"))
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(body[: error.start]) from None


def _not_utf8(good: bytes) -> Fault:
    """`good`: what stands before the first byte that cannot be read."""
    line_start = max(good.rfind(b"\n"), good.rfind(b"\r")) + 1
    # A lone \r, \n, or both together end one line, as everywhere else in these readers.
    line = 1 + good.count(b"\n") + good.count(b"\r") - good.count(b"\r\n")
    column = 1 + len(good[line_start:].decode())
    return Fault(
        _("The file is not UTF-8: line %(line)d, column %(column)d cannot be read") % {"line": line, "column": column},
        _("it looks like Latin-1 or Windows-1252: save it as UTF-8"),
    )
