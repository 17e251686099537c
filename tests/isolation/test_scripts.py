"""What a diary holds is shown as text, whatever it says: no text of any model becomes a tag or a script."""

from html import escape
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, Model, TextField
from django.test import Client

from apps.accounts.models import User
from apps.edibles.models import Edible
from foodmood.names import FoldedField
from tests.isolation.asking import undone
from tests.isolation.conftest import Cast
from tests.isolation.diary import ALICE, Diary, rows_of
from tests.isolation.pages import Page
from tests.isolation.table import table

# What is never what somebody typed: checked against a list, hashed, or written by us.
NOT_TYPED = {
    "accounts.Invitation.token_hash",
    "accounts.User.consent_version",
    "accounts.User.hour_format",
    "accounts.User.language",
    "accounts.User.password",
    "accounts.User.time_zone",
    "audit.SecurityEvent.detail",
    "audit.SecurityEvent.event",
    "backups.BackupRun.kind",
    "backups.BackupRun.problem",
    "mail.QueuedMail.last_error",
    "mail.QueuedMail.message_id",
    "mail.Suppression.reason",
    "meals.Meal.category",
    "portability.Import.format",
    "portability.ImportedRow.key",
    "portability.ImportedRow.kind",
    "portability.ImportedRow.said",
    "portability.ImportedRow.written",
    "submissions.Submission.key",
    "submissions.Submission.led_to",
    "telemetry.Heartbeat.host",
    "telemetry.Tally.what",
    "tasks.SetAside.digest",
    "tasks.SetAside.func",
    "edibles.Alias.key",
    "edibles.Edible.search_key",
    "meals.Meal.search_key",
    "wellbeing.CategoryAlias.key",
    "wellbeing.OptionAlias.key",
    "tasks.SetAside.last_error",
    "tasks.SetAside.payload",
}
# Of libraries: what their rows hold of the words of others.
THEIRS = ["axes.AccessAttempt.username", "axes.AccessAttempt.user_agent", "account.EmailAddress.email"]

SIGNS = "αβγδεζηθικλμνξοπρστυφχψωбгджзийлпфцчшщ"  # letters that stand nowhere else on a page

PAGES = [row for row in table() if "GET" in row.answered]


def text_fields() -> list[tuple[type[Model], Any]]:
    """Of our own models and of some of the libraries', in a settled order."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields  # noqa: SLF001 -- Django's documented API
        if isinstance(field, CharField | TextField)
        and not isinstance(field, FoldedField)
        and _is_typed(model, f"{model._meta.label}.{field.name}")  # noqa: SLF001 -- as above
    ]


def _is_typed(model: type[Model], name: str) -> bool:
    is_ours = model.__module__.startswith(("apps.", "foodmood."))
    return name in THEIRS or (is_ours and name not in NOT_TYPED)


def payload(number: int, field: Any) -> str:
    """Its first sign tells which field it came from, even where only seven fit."""
    sign = SIGNS[number]
    if field.name == "email":
        return f"'{sign}\"><script>alert(1)</script>'@example.org"
    return f"{sign}\"><script>alert(1)</script>'-alert(1)-'{{{{7*7}}}}<img src=x onerror=alert(1)>"[: field.max_length]


def marker(number: int, field: Any) -> str:
    """The least of it that every page must escape."""
    return f'{SIGNS[number]}"><s'


def fill_with_scripts(diary: Diary) -> None:
    """By the database's door: what a form or an import refuses today, it may have taken yesterday."""
    rows = rows_of(diary)
    for number, (model, field) in enumerate(text_fields()):
        for row in rows[model._meta.label]:  # noqa: SLF001 -- Django's documented API
            model._base_manager.filter(pk=row["id"]).update(**{field.name: payload(number, field)})  # noqa: SLF001 -- as above


@pytest.fixture
def full_of_scripts(cast: Cast) -> Cast:
    fill_with_scripts(ALICE)
    return cast


def test_no_page_shows_a_text_as_anything_but_text(full_of_scripts: Cast) -> None:
    shown: set[int] = set()
    for row in PAGES:
        asker, path = full_of_scripts.whom(row.who), row.path(ALICE)
        with undone():
            answer = asker.ask("GET", path)
        if "Content-Type: text/html" not in answer.head:
            continue
        assert Page(answer.body, path).runs == [], path
        for number, (model, field) in enumerate(text_fields()):
            raw = marker(number, field)
            assert raw not in answer.body, f"{path} does not escape {model._meta.label}.{field.name}"  # noqa: SLF001 -- Django's documented API
            shown |= {number} if escape(raw) in answer.body else set()
    never = [f"{model._meta.label}.{field.name}" for n, (model, field) in enumerate(text_fields()) if n not in shown]  # noqa: SLF001 -- as above
    assert never == [], "no page of the table shows these, so nothing is known about them"


def test_the_archive_is_a_download_that_no_browser_opens_as_a_page(full_of_scripts: Cast) -> None:
    with undone():
        answer = full_of_scripts.alice.ask("GET", "/data/export/")
    assert "Content-Type: application/json" in answer.head
    assert "X-Content-Type-Options: nosniff" in answer.head
    assert "Content-Disposition: attachment" in answer.head


def test_a_name_full_of_scripts_goes_through_messages_as_text(alices: Client, alice: User) -> None:
    name = '"><script>alert(1)</script>'
    page = alices.post("/edibles/new/", {"name": name}, follow=True).content.decode()
    assert escape(name) in page
    assert name not in page
    edible = Edible.objects.get(owner=alice)
    alices.post(f"/edibles/{edible.pk}/edit/", {"name": "Stew", "added": name})
    inner = Edible.objects.get(owner=alice, name=name)
    page = alices.post(f"/edibles/{inner.pk}/delete/", follow=True).content.decode()  # “… is an ingredient of …”
    assert escape(name) in page
    assert name not in page
