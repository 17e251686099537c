"""What is uploaded is as large as it may be, keeps no name, and stays on no disk."""

from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from config.env import BASE_DIR
from tests.isolation.diary import ALICE
from tests.isolation.table import archive

pytestmark = pytest.mark.django_db

NAMES = [
    "../../../../tmp/evil.json",
    "..\\..\\evil.json",
    "/etc/passwd",
    "C:\\evil.json",
    "....//evil.json",
    "%2e%2e%2fevil.json",
    "evil.json\r\nSet-Cookie: evil=1",
    '"><script>alert(1)</script>.json',
    "x" * 5000 + ".json",
    "\u202enosj.exe",
    ".",
    "nul\0.json",
]

PATHS = [
    "/static/../config/env.py",
    "/static/../../../../etc/passwd",
    "/static/%2e%2e/config/env.py",
    "/static/%2e%2e%2fconfig%2fenv.py",
    "/static/..%5c..%5cconfig%5cenv.py",
    "/static/....//....//config/env.py",
    "/static//etc/passwd",
    "/static/css/../../../config/env.py",
    "/static/%00",
    "/static/css/%252e%252e/%252e%252e/config/env.py",
    "/config/env.py",
    "/.env",
    "/.git/config",
    "/var/secret_key",
]


def files() -> set[Path]:
    return {file for folder in ("var", "static", "templates") for file in (BASE_DIR / folder).rglob("*")}


def keeps(file: Path, upload: bytes) -> bool:
    """Whether the file came of the upload. Other tests write beside it: they collect static files and start servers."""
    with suppress(OSError):
        return "evil" in file.name or (file.is_file() and upload in file.read_bytes())
    return False  # one of theirs, gone already


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_not_used(alices: Client, alice: User, name: str) -> None:
    before = files()
    body = archive(ALICE)
    part = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    rest = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in (("kind", "foodmood"), ("import", "1"))
    )
    data = f"--b\r\n{part}".encode() + body + f"\r\n{rest}--b--\r\n".encode()
    answer = alices.generic("POST", "/data/import/", data, content_type="multipart/form-data; boundary=b")
    assert answer.status_code in {302, 400, 422}
    assert "evil" not in str(answer.headers) + answer.content.decode() + str(answer.cookies)
    assert "<script>alert" not in answer.content.decode()
    assert [file for file in files() - before if keeps(file, body)] == []


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_static_files(alices: Client, path: str) -> None:
    answer = alices.generic("GET", path)
    assert answer.status_code in {302, 400, 404}
    assert "root:" not in answer.getvalue().decode()
    assert "DJANGO_SECRET_KEY" not in answer.getvalue().decode()


def test_a_file_of_just_the_largest_size_is_taken(alices: Client, alice: User, settings: Settings) -> None:
    settings.IMPORT_MAX_BYTES = len(archive(ALICE))
    form = {"kind": "foodmood", "file": SimpleUploadedFile("file", archive(ALICE)), "import": "1"}
    assert alices.post("/data/import/", form).status_code == 302
    assert alice.meals.exists()


def test_a_file_that_is_one_byte_too_large_is_refused_with_the_mend(
    alices: Client, alice: User, settings: Settings
) -> None:
    settings.IMPORT_MAX_BYTES = len(archive(ALICE)) - 1
    form = {"kind": "foodmood", "file": SimpleUploadedFile("file", archive(ALICE)), "import": "1"}
    answer = alices.post("/data/import/", form)
    assert answer.status_code == 422
    assert "import one after the other" in answer.content.decode()
    assert not alice.meals.exists()


@pytest.mark.parametrize("path", ["/data/import/", "/accounts/login/", "/edibles/new/"])
def test_more_than_any_form_may_hold_is_not_even_read(alice: User, path: str) -> None:
    """Whoever comes: a body is read before it is known who sends it, and its files would fill the disk."""
    client = Client(enforce_csrf_checks=True)
    if path != "/accounts/login/":
        client.force_login(alice)
    client.cookies["csrftoken"] = "a" * 32
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    answer = client.generic(
        "POST", path, body, content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=str(10**12)
    )
    assert answer.status_code == 413
    assert "Export fewer years at once" in answer.content.decode()


def test_a_form_without_files_is_held_to_a_megabyte(alices: Client) -> None:
    answer = alices.generic("POST", "/edibles/new/", b"name=" + b"x" * 2_000_000, "application/x-www-form-urlencoded")
    assert answer.status_code == 413


def test_a_form_with_too_many_fields_is_refused_with_the_mend_and_saves_nothing(alices: Client, alice: User) -> None:
    answer = alices.generic(
        "POST", "/edibles/new/", "name=Stew" + "&added=Salt" * 1000, "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "up to 1000 fields" in answer.content.decode()
    assert not alice.edibles.exists()


def test_a_page_that_there_is_none_of_is_the_nearest(alices: Client) -> None:
    for path in ("/meals/", "/edibles/", "/wellbeing/", "/account/events/"):
        for page in ("-1", "0", "99999999999999999999999", "abc", "", "9" * 4000, "1\x00", "١"):
            assert alices.get(path, {"page": page}).status_code == 200, (path, page[:30])
