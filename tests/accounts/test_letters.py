"""Every mail, in every language."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

from apps.accounts.letters import LETTERS
from apps.accounts.models import User
from foodmood.letters import Letter
from tests.accounts.letters import CONTEXTS
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
HOSTILE = '<img src="https://evil.example/x.png"> {{ settings.SECRET_KEY }} {% debug %}'
NEVER_SENT = {"login_code", "password_reset_code"}  # codes by mail are switched off


@pytest.fixture(autouse=True)
def _from_a_request() -> Iterator[None]:
    with request_context(RequestFactory(headers={"host": "testserver"}).get("/", secure=True)):
        yield


def sent(prefix: str, **changes: object) -> EmailMultiAlternatives:
    get_adapter().send_mail(prefix, "alice@example.org", {**CONTEXTS[prefix], **changes})
    message = mail.outbox[-1]
    assert isinstance(message, EmailMultiAlternatives)
    return message


def html_of(message: EmailMultiAlternatives) -> str:
    (form,) = message.alternatives
    assert form[1] == "text/html"
    return str(form[0])


def links_of(prefix: str) -> set[str]:
    urls = {str(value) for key, value in CONTEXTS[prefix].items() if key.endswith("url") and key != "off_url"}
    return urls or (set() if prefix.endswith("account_deleted") else {"https://testserver/accounts/password/reset/"})


def test_allauth_has_no_mail_without_words_of_ours() -> None:
    folder = Path(allauth.__file__).parent / "templates"
    theirs = {
        f"{app}/email/{file.name.removesuffix('_message.txt')}"
        for app in ("account", "mfa")
        for file in (folder / app / "email").glob("*_message.txt")
        if file.name.removesuffix("_message.txt") not in NEVER_SENT | {"base"}
    }
    assert theirs <= set(LETTERS)


def test_every_mail_is_tested() -> None:
    assert set(CONTEXTS) == set(LETTERS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prefix", LETTERS)
def test_a_mail_is_whole_in_both_forms(prefix: str, language: str, alice: User) -> None:
    User.objects.update(language=language)
    message = sent(prefix)
    text, html = str(message.body), html_of(message)
    assert re.fullmatch(r"[^\r\n]{5,70}", str(message.subject))
    assert not str(message.subject).startswith("[")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    for link in links_of(prefix):
        assert link in text
        assert f'href="{link}"' in html
    assert f'<html lang="{language}">' in html
    for form in (text, html):
        assert not re.search(r"{{|{%|%\(|\bNone\b", form)


@pytest.mark.parametrize("prefix", LETTERS)
def test_the_text_fits_a_screen(prefix: str) -> None:
    lines = str(sent(prefix).body).splitlines()
    assert max(len(line) for line in lines if "https://" not in line) <= 72


@pytest.mark.parametrize("prefix", LETTERS)
def test_the_html_asks_nobody_for_anything_and_brings_its_styles(prefix: str) -> None:
    seen = Elements()
    seen.feed(html_of(sent(prefix)))
    assert not seen.names & {"img", "link", "script", "iframe", "object", "svg", "form", "base"}
    assert not seen.attributes & {"src", "srcset", "background", "onclick"}
    assert seen.unstyled_text == []
    assert "url(" not in seen.styles
    assert "@import" not in seen.styles
    assert "prefers-color-scheme: dark" in seen.styles


@pytest.mark.parametrize("prefix", LETTERS)
def test_what_strangers_write_stays_text(prefix: str) -> None:
    texts = {key: value for key, value in CONTEXTS[prefix].items() if isinstance(value, str)}
    message = sent(prefix, **{key: f"{value}{HOSTILE}" for key, value in texts.items() if not key.endswith("url")})
    html = html_of(message)
    assert "<img" not in html
    assert str(settings.SECRET_KEY) not in html
    assert "\n" not in message.subject


def test_a_line_end_begins_no_header() -> None:
    letter = Letter(subject="Hello\r\nBcc: eve@evil.example", paragraphs=["Text"])
    parsed = letter.to("alice@example.org", sender="FoodMood <a@example.org>").message()
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == "Hello Bcc: eve@evil.example"


def test_it_is_in_the_language_and_on_the_clock_of_its_reader(alice: User, settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    User.objects.update(language="de", time_zone="America/New_York")
    with translation.override("en"):
        text = str(sent("account/email/password_changed").body)
    assert "7:05" in text or "07:05" in text
    assert "(EST)" in text
    assert "1. März 2026" in text


def test_a_stranger_reads_it_in_the_language_of_the_request(settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    with translation.override("de"):
        html = html_of(sent("account/email/unknown_account"))
    assert '<html lang="de">' in html


def test_a_notice_is_in_the_language_of_its_person_wherever_it_goes(alice: User, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    alice.language = "de"
    alice.save()
    addresses = {"from_email": "old@example.org", "to_email": alice.email}
    with request_context(RequestFactory(headers={"host": "testserver"}).get("/")):
        get_adapter().send_notification_mail("account/email/email_changed", alice, addresses, "old@example.org")
    (message,) = mail.outbox
    assert message.to == ["old@example.org"]
    assert '<html lang="de">' in html_of(message)  # type: ignore[arg-type] # it has both forms


def test_a_closed_site_invites_nobody_to_sign_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.accounts.adapter.AccountAdapter.is_open_for_signup", lambda _adapter, _request: False)
    assert "/accounts/signup/" not in str(sent("account/email/unknown_account").body)


def test_no_mail_says_anything_of_a_diary() -> None:
    UserFactory.create(email="alice@example.org")
    for prefix in LETTERS:
        assert not re.search(r"\b(meal|ate|mood|pain|symptom|milk|rating)s?\b", str(sent(prefix).body))


class Elements(HTMLParser):
    """What a mail's HTML is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.styles = ""
        self.unstyled_text: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}
        style = dict(attrs).get("style") or ""
        self.styles += style
        if tag not in {"meta", "br"}:
            self._open.append((tag, "color:" in style or "display:none" in style))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self.styles += data
        elif data.strip() and self._open[-1][0] != "title" and not self._open[-1][1]:
            self.unstyled_text.append(data)
