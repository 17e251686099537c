import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.archive.writer import write_archive
from apps.wellbeing.starter import create_starter_categories
from tests.factories import UserFactory
from tests.portability.test_data_pages import MOODS, SERVINGS
from tests.portability.test_import_archive import ARCHIVE

pytestmark = pytest.mark.django_db

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> str:
        call_command(*arguments)
        return capsys.readouterr().out

    return command


@pytest.fixture
def archive(tmp_path: Path) -> str:
    file = tmp_path / "archive.json"
    file.write_bytes(write_archive(ARCHIVE))
    return str(file)


@pytest.fixture
def moods(tmp_path: Path) -> str:
    file = tmp_path / "moods.csv"
    file.write_bytes(MOODS)
    return str(file)


def test_export_import_export_gives_the_same_bytes(alice: User, bob: User, run: Run, archive: str) -> None:
    run("import_diary", "--user", alice.email, "--format", "foodmood", archive)
    first = run("export_diary", "--user", alice.email)
    Path(archive).write_text(first, encoding="utf-8")
    run("import_diary", "--user", bob.email, "--format", "foodmood", archive)
    assert run("export_diary", "--user", bob.email) == first


def test_guessed_times_come_through_export_and_import(alice: User, bob: User, run: Run, tmp_path: Path) -> None:
    servings, moods, archive = tmp_path / "servings.csv", tmp_path / "moods.csv", tmp_path / "archive.json"
    servings.write_bytes(SERVINGS.replace(b"08:00", b""))
    moods.write_bytes(b"full_date,mood\n2026-03-01,good\n")
    run("import_diary", "--user", alice.email, "--format", "cronometer", str(servings))
    run("import_diary", "--user", alice.email, "--format", "daylio", str(moods))
    first = run("export_diary", "--user", alice.email)
    assert first.count('"time_guessed": true') == 2
    archive.write_text(first, encoding="utf-8")
    run("import_diary", "--user", bob.email, "--format", "foodmood", str(archive))
    assert run("export_diary", "--user", bob.email) == first


def test_an_exported_file_is_readable_by_its_owner_alone(alice: User, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "diary.json"
    run("export_diary", "--user", alice.email, str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="utf-8") == run("export_diary", "--user", alice.email)


def test_a_dry_run_says_what_would_be_added_and_adds_nothing(alice: User, run: Run, archive: str) -> None:
    printed = run("import_diary", "--user", alice.email, "--format", "foodmood", "--dry-run", archive)
    assert "Would be added: 2 meals, 4 portions, 2 entries, 3 new edibles, the ingredients of 1 edible" in printed
    assert not alice.edibles.exists()


def test_the_same_file_twice_adds_nothing(alice: User, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "servings.csv"
    file.write_bytes(SERVINGS)
    run("import_diary", "--user", alice.email, "--format", "cronometer", str(file))
    assert "nothing is added" in run("import_diary", "--user", alice.email, "--format", "cronometer", str(file))


def test_a_diary_that_was_blank_takes_over_time_zone_and_scales(run: Run, archive: str) -> None:
    carol = UserFactory.create(time_zone="America/New_York")
    create_starter_categories(owner=carol)
    printed = run("import_diary", "--user", carol.email, "--format", "foodmood", archive)
    assert "time zone: Europe/Berlin" in printed
    assert "untouched starter categories give way: " in printed
    carol.refresh_from_db()
    assert carol.time_zone == "Europe/Berlin"


def test_what_has_no_time_is_counted(alice: User, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "servings.csv"
    file.write_bytes(SERVINGS.replace(b"08:00", b""))
    printed = run("import_diary", "--user", alice.email, "--format", "cronometer", str(file))
    assert "1 without a time join their meal, or get the usual hour as a guess" in printed


def test_moods_that_cannot_be_guessed_must_be_mapped(alice: User, run: Run, moods: str) -> None:
    with pytest.raises(CommandError, match="with --map"):
        run("import_diary", "--user", alice.email, "--format", "daylio", moods)
    assert not alice.entries.exists()


def test_a_mapped_mood_is_imported(alice: User, run: Run, moods: str) -> None:
    run("import_diary", "--user", alice.email, "--format", "daylio", "--map", "Müde=2", moods)
    assert alice.entries.count() == 2


@pytest.mark.parametrize("pair", ["Müde", "Müde=", "=2", "Müde=low", "Müde=--5", "Müde=" + "9" * 5000])
def test_a_mapping_that_is_none_is_refused(alice: User, run: Run, moods: str, pair: str) -> None:
    with pytest.raises(CommandError, match="write it like --map Gut=4"):
        run("import_diary", "--user", alice.email, "--format", "daylio", "--map", pair, moods)


def test_a_value_off_the_scale_is_refused_naming_the_scale(alice: User, run: Run, moods: str) -> None:
    with pytest.raises(CommandError, match=r"“Müde” can't become 9: the scale of “Mood” has 1 \(Awful\)"):
        run("import_diary", "--user", alice.email, "--format", "daylio", "--map", "Müde=9", moods)


@pytest.fixture
def gym(tmp_path: Path) -> str:
    file = tmp_path / "servings.csv"
    file.write_bytes(b"Day,Group,Food Name,Amount\n3/1/2026,Gym,Oats,1\n")
    return str(file)


def test_open_questions_are_printed_with_their_choices(
    alice: User, gym: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="with --group or --dates"):
        call_command("import_diary", "--user", alice.email, "--format", "cronometer", gym)
    printed = capsys.readouterr().out
    assert "Gym → ?   rows: 1\n  choose from BREAKFAST, LUNCH, DINNER, SNACK, DRINK, BY_TIME" in printed
    assert "choose from day-first, month-first" in printed


def test_answers_may_be_given_as_options(alice: User, run: Run, gym: str) -> None:
    options = ["--group", "gym=dinner", "--dates", "month-first", "--meals", "group-and-day"]
    run("import_diary", "--user", alice.email, "--format", "cronometer", *options, gym)
    assert alice.meals.get().category == "DINNER"


@pytest.mark.parametrize("pair", ["Gym", "Gym=", "=SNACK", "Gym=BRUNCH"])
def test_a_group_that_is_no_category_is_refused(alice: User, run: Run, gym: str, pair: str) -> None:
    with pytest.raises(CommandError, match="write it like --group Pre-Workout=SNACK"):
        run("import_diary", "--user", alice.email, "--format", "cronometer", "--group", pair, gym)


def test_a_file_with_nothing_to_import_says_so(alice: User, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "servings.csv"
    file.write_bytes(SERVINGS.replace(b"50 g", b"-1 g"))
    printed = run("import_diary", "--user", alice.email, "--format", "cronometer", str(file))
    assert "no row of this file can be imported" in printed


def test_left_out_rows_are_printed(alice: User, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "servings.csv"
    file.write_bytes(SERVINGS + b"2026-03-01,late,Lunch,Oats,1 g\n2026-03-01,08:00,Lunch,Oats,0 g\n")
    printed = run("import_diary", "--user", alice.email, "--format", "cronometer", str(file))
    assert "Rows that can't be read and are left out: 1\n    Line 3, time: “late” is not a time" in printed
    assert "An amount of 0 was not eaten" in printed


@pytest.mark.parametrize("command", ["export_diary", "import_diary"])
def test_an_address_that_nobody_has_is_named(run: Run, archive: str, command: str, db: None) -> None:
    more = ["--format", "foodmood"] if command == "import_diary" else []
    with pytest.raises(CommandError, match=r"Nobody has the e-mail address x@example\.org"):
        run(command, "--user", "x@example.org", *more, archive)


def test_a_file_that_is_not_there_is_named(alice: User, run: Run) -> None:
    with pytest.raises(CommandError, match="/no/such/file can't be read: No such file"):
        run("import_diary", "--user", alice.email, "--format", "daylio", "/no/such/file")


def test_a_folder_that_is_not_there_is_named(alice: User, run: Run) -> None:
    with pytest.raises(CommandError, match="/no/such/file can't be written: No such file"):
        run("export_diary", "--user", alice.email, "/no/such/file")
