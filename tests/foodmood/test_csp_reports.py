import json
from typing import Any

import pytest
from django.test import Client

from foodmood import csp_reports

URL = "/csp-report/"


@pytest.fixture(autouse=True)
def _new_hour(caplog: pytest.LogCaptureFixture) -> None:
    csp_reports.hourly.forget()
    caplog.set_level("WARNING")  # below are the lines of the requests themselves


def old(directive: Any = "img-src", source: Any = "https://evil.example/x.png?diary=cake") -> dict[str, Any]:
    """What Firefox and Safari send to report-uri."""
    page = "https://food.example.org/day/2026-03-01/?q=secret"
    return {
        "csp-report": {
            "document-uri": page,
            "violated-directive": directive,
            "blocked-uri": source,
            "script-sample": "secret",
        }
    }


def new(directive: str = "img-src", source: str = "https://evil.example/x.png?diary=cake") -> dict[str, Any]:
    """What the Reporting API sends to report-to."""
    body = {"effectiveDirective": directive, "blockedURL": source, "documentURL": "https://x/", "sample": "secret"}
    return {"type": "csp-violation", "body": body, "url": "https://x/", "age": 1}


def send(report: Any) -> int:
    """What the answer's status is, to a browser with nothing but this report."""
    body = report if isinstance(report, bytes) else json.dumps(report).encode()
    return Client(enforce_csrf_checks=True).post(URL, body, content_type="application/reports+json").status_code


@pytest.mark.parametrize("report", [old(), [new()]])
def test_a_breach_is_a_line_with_the_directive_and_the_origin_alone(
    report: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert send(report) == 204
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "CSP breach: img-src blocked https://evil.example")
    ]


def test_an_inline_script_is_named_as_such(caplog: pytest.LogCaptureFixture) -> None:
    send([new("script-src-elem", "inline")])
    assert caplog.messages == ["CSP breach: script-src-elem blocked inline"]


def test_the_same_breach_is_said_once_an_hour(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(csp_reports, "hourly", csp_reports.Hourly(clock=lambda: now))
    for path in range(5):
        send(old(source=f"https://evil.example/{path}"))
    assert len(caplog.messages) == 1
    now = 3600.0
    send(old())
    assert len(caplog.messages) == 2


def test_a_flood_of_different_breaches_ends_after_some_lines(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(30):
        send([new(source=f"https://evil{number}-{other}.example/") for other in range(30)])
    assert len(caplog.messages) == csp_reports.LINES_PER_HOUR


@pytest.mark.parametrize(
    "report",
    [
        b"",
        b"\xff\xfe",
        b"[" * 10_000,
        b"null",
        {"csp-report": "text"},
        ["text", None, 3],
        [{"type": "deprecation", "body": {}}],
        b'{"csp-report": {"violated-directive": "img-src"}, "fill": "' + b"x" * 20_000 + b'"}',
    ],
)
def test_what_is_no_report_is_dropped_without_a_word(report: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert send(report) == 204
    assert not [message for message in caplog.messages if "CSP" in message]


@pytest.mark.parametrize(
    ("directive", "source"),
    [
        ("x\nERROR all is lost", "https://evil.example/"),
        ("img-src", "https://evil.example\n ERROR all is lost/"),
        ("img-src", "https://user:password@[::1/"),
        ("img-src", "data" * 1000),
        ({}, []),
    ],
)
def test_nobody_writes_words_of_their_own_into_the_log(
    directive: Any, source: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert send(old(directive, source)) == 204
    assert "\n" not in caplog.messages[0]
    assert "another" in caplog.messages[0]


def test_a_report_makes_no_session(client: Client) -> None:
    assert not client.post(URL, "{}", content_type="application/csp-report").cookies


def test_a_report_is_only_posted(client: Client) -> None:
    assert client.get(URL).status_code == 405
