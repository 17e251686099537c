from pathlib import Path

import pytest
from pytest_django import Settings

from foodmood.startup import report

pytestmark = pytest.mark.django_db


def test_a_site_that_sends_no_mail_says_what_that_means(no_mail: None, caplog: pytest.LogCaptureFixture) -> None:
    report()
    assert "addresses are not verified" in caplog.text


def test_a_database_that_is_away_is_named_and_stops_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foodmood.startup.unreachable", lambda: "The database is away.")
    report()
    assert "The database is away. Until then /ready/ says 503." in caplog.text


def test_static_files_that_were_not_collected_are_asked_for(
    settings: Settings, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    settings.STATIC_ROOT = tmp_path
    report()
    assert "run `python manage.py collectstatic --noinput`. Until then pages fail" in caplog.text


def test_a_site_that_sends_mail_says_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    report()
    assert "mail" not in caplog.text
