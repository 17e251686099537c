import re
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.timezone import override as on_the_clock_of

from apps.accounts.models import User
from config.env import BASE_DIR
from foodmood import clock
from foodmood.clock import HourFormat
from tests.factories import EdibleFactory, EntryFactory, PortionFactory

AFTERNOON = datetime(2026, 3, 1, 13, 30, tzinfo=UTC)  # 14:30 in Berlin


@pytest.mark.parametrize(
    ("chosen", "language", "shown"),
    [("", "en", "2:30 p.m."), ("", "de", "14:30"), ("24", "en", "14:30"), ("12", "de", "2:30 nachm.")],
)
def test_times_follow_the_choice_then_the_language(chosen: str, language: str, shown: str) -> None:
    with clock.override(chosen), translation.override(language):
        assert clock.written(datetime(2026, 3, 1, 14, 30)) == shown  # noqa: DTZ001 -- local


def test_the_choice_holds_for_dates_with_times() -> None:
    with clock.override("24"):
        assert clock.written(datetime(2026, 3, 1, 14, 30), "DATETIME_FORMAT") == "March 1, 2026, 14:30"  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "read"),
    [("0951", time(9, 51)), ("951 pm", time(21, 51)),
     ("14:30", time(14, 30)), ("2:30 pm", time(14, 30)), ("2:30 p.m.", time(14, 30)), ("2 PM", time(14)),
     ("12:05 am", time(0, 5)), ("12:05pm", time(12, 5)), ("9.51", time(9, 51)), ("00:00", time(0))],
)  # fmt: skip
def test_times_are_read_as_people_type_them(text: str, read: time) -> None:
    assert clock.typed(text) == read


@pytest.mark.parametrize(
    "text", ["", "25:00", "14", "14:60", "1460", "14305", "13:00 pm", "0:30 am", "soon", "9" * 5000]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- from several places
        clock.typed(text)


@pytest.mark.parametrize("at", [time(0, 5), time(12, 0), time(14, 30), time(23, 59)])
@pytest.mark.parametrize("hours", ["12", "24"])
def test_what_an_input_shows_can_be_read_again(hours: str, at: time) -> None:
    with clock.override(hours):
        assert clock.typed(clock.to_type(at)) == at


def test_no_template_formats_a_time_by_itself() -> None:
    """Every time goes through the filter `clock`; what machines read is ISO."""
    for path in sorted((BASE_DIR / "templates").rglob("*.*")):
        for line in path.read_text(encoding="utf-8").splitlines():
            strays = ("|time", 'date:"DATETIME', 'date:"SHORT_DATETIME', 'date:"P', 'date:"H')
            assert not any(stray in line for stray in strays), f"{path}: {line}"


def test_no_code_formats_a_time_by_itself() -> None:
    for folder in ("apps", "foodmood"):
        for path in sorted(Path(BASE_DIR / folder).rglob("*.py")):
            if path.name != "clock.py":
                text = path.read_text(encoding="utf-8")
                assert "time_format(" not in text, path
                assert not any(f'date_format({x}, "{y}' in text for x in ("at", "local") for y in ("DATE", "P", "H"))


@pytest.fixture
def diary(alice: User) -> User:
    PortionFactory.create(meal__owner=alice, meal__eaten_at=AFTERNOON)
    EntryFactory.create(option__category__owner=alice, recorded_at=AFTERNOON)
    return alice


def pages_of(alice: User) -> list[str]:
    meal, entry, edible = alice.meals.get(), alice.entries.get(), alice.edibles.get()
    return [
        "/day/2026-03-01/",
        "/meals/",
        f"/meals/{meal.pk}/",
        f"/edibles/{edible.pk}/",
        "/wellbeing/",
        f"/wellbeing/entries/{entry.pk}/",
    ]


@pytest.mark.parametrize(
    ("hours", "shown", "other"), [("24", "14:30", "2:30"), ("12", "2:30 p", ">14:30"), ("12", "2:30 p", '"14:30')]
)
def test_each_page_writes_times_as_chosen(alices: Client, diary: User, hours: str, shown: str, other: str) -> None:
    User.objects.update(hour_format=hours)
    for path in pages_of(diary):
        page = alices.get(path).content.decode()
        assert shown in page, path
        assert other not in page.replace("T14:30", ""), path
        assert 'type="datetime-local"' not in page, path  # it would write times as the browser does


@pytest.mark.parametrize(("languages", "shown"), [("en-GB,en;q=0.9", "14:30"), ("en-US,en;q=0.9", "2:30 p.m.")])
def test_without_a_choice_the_browsers_english_decides(alices: Client, diary: User, languages: str, shown: str) -> None:
    page = alices.get("/meals/", headers={"Accept-Language": languages}).content.decode()
    assert re.search(rf">\s*{re.escape(shown)}\s*<", page)


def test_hours_are_chosen_in_the_profile(alices: Client, alice: User) -> None:
    form = {"language": "en", "time_zone": "Europe/Berlin", "hour_format": "12", "remind_at": "8:15 pm"}
    assert alices.post("/account/", form).status_code == 302
    alice.refresh_from_db()
    assert (alice.hour_format, alice.remind_at) == (HourFormat.TWELVE, time(20, 15))
    assert 'value="8:15 pm"' in alices.get("/account/").content.decode()


@pytest.mark.parametrize("garbage", ["13", "x", "\0"])
def test_unknown_hours_are_refused(alices: Client, garbage: str) -> None:
    form = {"language": "en", "time_zone": "Europe/Berlin", "hour_format": garbage}
    assert alices.post("/account/", form).status_code == 422


@pytest.mark.parametrize("at", ["2:45 pm", "14:45", "2:45 P.M."])
def test_a_time_can_be_typed_with_either_hours(alices: Client, alice: User, at: str) -> None:
    User.objects.update(hour_format="12")
    EdibleFactory.create(owner=alice, name="Oats")
    form = {"edible": "Oats", "category": "LUNCH", "eaten_at": ["2026-03-01", at]}
    assert alices.post("/day/2026-03-01/meal/", form).status_code == 302
    assert alice.meals.get().eaten_at == datetime(2026, 3, 1, 13, 45, tzinfo=UTC)


@pytest.mark.parametrize("at", ["", "25:00", "lunch", "<b>"])
def test_a_refused_time_stays_in_its_input(alices: Client, alice: User, at: str) -> None:
    User.objects.update(hour_format="24")
    form = {"edible": "Oats", "category": "LUNCH", "eaten_at": ["2026-03-01", at]}
    answer = alices.post("/day/2026-03-01/meal/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'name="eaten_at" value="2026-03-01"' in page
    assert f'name="eaten_at" value="{at.replace("<b>", "&lt;b&gt;")}"' in page


def test_mails_write_times_as_chosen(alice: User) -> None:
    from apps.accounts.adapter import _as_read_by
    from apps.accounts.letters import _moment

    alice.hour_format = "24"
    with on_the_clock_of(UTC), _as_read_by(alice):
        assert _moment(AFTERNOON) == "March 1, 2026, 14:30 (CET)"
