import pytest
from django.test import Client
from pytest_django import Settings


@pytest.mark.django_db
def test_it_is_not_ready_while_static_files_are_not_collected(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    hashed = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STATIC_ROOT = "/nowhere"
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    assert client.get("/ready/").status_code == 503
    assert "run `python manage.py collectstatic --noinput`" in caplog.text
