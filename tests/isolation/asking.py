"""One request, undone afterwards, and all that its answer tells."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any, Self
from zipfile import ZipFile

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from apps.accounts.models import User
from tests.conftest import confirm, sign_in
from tests.downloads import close
from tests.isolation.diary import Diary

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WITH_BODY = {"POST", "PUT", "PATCH", "DELETE"}

_TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b|(?<=nonce=\")[^\"]+|(?<=name=\"submission\" value=\")[^\"]+")
_NEW_ID = re.compile(r"/[0-9]{1,6}/")  # PostgreSQL does not take back the numbers it gave
# Sessions hold nothing of a diary; and the audit trail only grows by what anybody does.
_WRITES = re.compile(r'(INSERT INTO (?!"audit_securityevent")|UPDATE|DELETE FROM) (?!"django_session")')

Form = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    head: str  # every header and cookie
    cookies: tuple[str, ...]  # their names
    said: tuple[str, ...]  # messages, which the next page would show
    where: str  # of a redirect
    wrote: bool  # whether a row was inserted, updated or deleted

    @property
    def told(self) -> str:
        return "\n".join([self.body, self.head, *self.said])

    def without(self, diary: Diary) -> tuple[object, ...]:
        """What can be compared: without tokens, and without what the asker named of this diary."""
        where = _NEW_ID.sub("/new/", diary.hidden_in(self.where))
        texts = (self.body, where, *self.said)
        return (self.status, self.cookies, *(diary.hidden_in(_TOKEN.sub("TOKEN", text)) for text in texts))


@dataclass(frozen=True)
class Asker:
    """A browser that starts every request with the same cookies."""

    client: Client
    cookies: dict[str, str]

    @classmethod
    def signed_in(cls, user: User) -> Self:
        """By password and just now, so that pages open which else ask who one is once more; and the site has met this
        browser before.
        """
        client = sign_in(Client(), user)
        confirm(client, user)
        client.get(reverse("privacy"))
        return cls(client, {name: cookie.value for name, cookie in client.cookies.items()})

    @classmethod
    def anonymous(cls) -> Self:
        return cls(Client(), {})

    def ask(self, method: str, path: str, form: Form | str | None = None, **headers: str) -> Answer:
        """Raises what a view raises. Call it within `undone()`. A form that is a text is encoded already."""
        self.client.cookies = SimpleCookie(self.cookies)
        body: dict[str, Any]
        if isinstance(form, str):
            body = {"data": form, "content_type": "application/x-www-form-urlencoded"}
        else:
            body = {"data": encode_multipart(BOUNDARY, _sent(form or {})), "content_type": MULTIPART_CONTENT}
        with _watching() as writes:
            response = self.client.generic(
                method,
                path,
                headers=headers,
                **(body if method in WITH_BODY else {}),
            )
        content = response.getvalue()
        close(response)  # a download that was only asked for its head is still open
        return Answer(
            status=response.status_code,
            body=_text(content),
            head=response.serialize_headers().decode() + response.cookies.output(),
            cookies=tuple(sorted(response.cookies)),
            said=tuple(str(message) for message in get_messages(response.wsgi_request)),
            where=response.headers.get("Location", "") or response.headers.get("HX-Redirect", ""),
            wrote=bool(writes),
        )


def _text(content: bytes) -> str:
    """Of a zip file, what its files say."""
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as unzipped:
            content = b"\n".join(unzipped.read(name) for name in unzipped.namelist())
    return content.decode(errors="replace")


def _sent(form: Form) -> dict[str, Any]:
    """Bytes are the content of a file."""
    return {
        name: SimpleUploadedFile("file", value) if isinstance(value, bytes) else value for name, value in form.items()
    }


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written within is taken back, and rate limits count from zero."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _watching() -> Iterator[list[str]]:
    writes: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield writes
