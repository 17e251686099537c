import gzip
import json
import socket
import tracemalloc
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from apps.accounts.breached_passwords import FILE, SIZE, BreachedPasswords, packed
from apps.accounts.models import User
from tests.factories import PASSWORD
from tools import breached_passwords

COMMON = ["qwertyuiop", "1q2w3e4r5t", "password123", "Basketball", "1234567890", "iloveyou123", "QWERTYUIOP"]


@pytest.mark.parametrize("password", COMMON)
def test_common_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="known from data breaches"):
        validate_password(password)


@pytest.mark.parametrize("password", [PASSWORD, "rye-bread-at-dawn", "Käsebrot um halb acht", "\ud800 alone, half"])
def test_other_passwords_are_taken(password: str) -> None:
    validate_password(password)


def test_more_than_a_hundred_thousand_are_known() -> None:
    assert len(BreachedPasswords()) > 150_000
    assert FILE.stat().st_size < 1_000_000


def test_the_file_is_sorted_and_holds_each_once() -> None:
    content = FILE.read_bytes()
    hashes = [content[place : place + SIZE] for place in range(0, len(content), SIZE)]
    assert hashes == sorted(set(hashes))


def test_a_search_needs_neither_memory_nor_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "socket")
    tracemalloc.start()
    known = BreachedPasswords()
    assert "qwertyuiop" in known
    assert tracemalloc.get_traced_memory()[1] < 20_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "passwords", [["a-single-one"], ["first-of-two", "second-of-two"], [f"number-of-{n}" for n in range(99)]]
)
def test_every_password_of_a_file_is_found(tmp_path: Path, passwords: list[str]) -> None:
    (tmp_path / "file.bin").write_bytes(packed([*passwords, "short"]))
    known = BreachedPasswords(tmp_path / "file.bin")
    assert all(password in known for password in passwords)
    assert "another-one" not in known
    assert len(known) == len(passwords)


def test_lists_of_each_kind_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("from-a-text\nshort\n")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"from-a-gzip\nFROM-A-TEXT\n"))
    (tmp_path / "c.json").write_text(json.dumps(["from-some-json"]))
    breached_passwords.main([str(tmp_path / name) for name in ("a.txt", "b.txt.gz", "c.json")], tmp_path / "out")
    assert "3 passwords, 15 bytes" in capsys.readouterr().out
    assert "from-some-json" in BreachedPasswords(tmp_path / "out")


@pytest.mark.django_db
def test_a_page_refuses_a_breached_password(client: Client) -> None:
    page = client.post("/accounts/signup/", {"email": "carol@example.org", "password1": "qwertyuiop"}).content.decode()
    assert "known from data breaches" in page
    assert not User.objects.exists()
