"""deploy/nginx, as Debian's nginx runs it: in front of gunicorn, with a certificate that certbot got by port 80."""

import base64
import hashlib
import json
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.config.test_gunicorn import free_port, get
from tests.delivery.acme import Authority, authority
from tests.delivery.curl import Answer, Curl
from tests.delivery.nginx import BROTLI, DEPLOY, HOST, Front, site
from tests.foodmood.processes import Site, until
from tests.services import program

SECURITY = [
    *("Strict-Transport-Security", "Content-Security-Policy", "Permissions-Policy", "X-Frame-Options"),
    *settings.RESPONSE_HEADERS,
]
PROGRAMS = ("nginx nginx-light", "envsubst gettext-base", "certbot", "pebble", "curl", "openssl")
STYLE = re.compile(r"<style>(.*)</style>", re.DOTALL)


@dataclass
class Served:
    """The whole site, from the certificate to the database."""

    front: Front
    authority: Authority
    site: Site
    curl: Curl
    application: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        self.application.enter_context(self.site.server(self.front.upstream))

    def stop(self) -> None:
        self.application.close()
        until(lambda: not self._listens(), "the last of gunicorn's processes to end")

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.front.upstream)) == 0

    @property
    def static(self) -> str:
        """A file as pages name it: by its hash."""
        manifest = json.loads((self.front.folder / "static" / "staticfiles.json").read_text())
        return f"/static/{manifest['paths']['css/foodmood.css']}"

    def serial(self) -> str:
        """Of the certificate that is shown."""
        context = ssl.create_default_context(cafile=str(self.authority.root))
        with (
            socket.create_connection(("127.0.0.1", self.front.https), timeout=20) as plain,
            context.wrap_socket(plain, server_hostname=HOST) as connection,
        ):
            return str((connection.getpeercert() or {})["serialNumber"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    for each in PROGRAMS:  # before anything takes its time
        program(*each.split())
    folder = tmp_path_factory.mktemp("nginx")
    made = site(folder)
    front = Front(folder, free_port())
    front.prepare()
    front.install("10-foodmood.conf")
    with authority(folder, asks_at=front.http) as issuer, front.running():
        webroot = ["--webroot", f"--webroot-path={folder / 'webroot'}", "--domain", HOST]
        reload = ["--deploy-hook", " ".join([*front.command, "-s", "reload"])]
        issuer.certbot("certonly", "--agree-tos", "--register-unsafely-without-email", *webroot, *reload)
        front.install("20-foodmood-tls.conf")
        front.reload()
        browser = folder / "browser"
        browser.mkdir()
        whole = Served(front, issuer, made, Curl(browser, HOST, front.http, front.https, issuer.root))
        with whole.application:
            whole.start()
            yield whole


def s_client(served: Served, *options: str, name: str = HOST) -> str:
    """What a handshake says that offers no more than this."""
    done = subprocess.run(  # noqa: S603 -- our own command
        [program("openssl"), "s_client", "-connect", f"127.0.0.1:{served.front.https}", "-servername", name, *options],
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_it_speaks_tls_1_2_and_1_3_and_nothing_older(served: Served) -> None:
    assert re.search(r"New, TLSv1\.3, Cipher is TLS_", s_client(served, "-tls1_3"))
    assert re.search(r"New, TLSv1\.2, Cipher is ECDHE-", s_client(served, "-tls1_2"))
    for older in ("-tls1_1", "-tls1"):
        assert "alert protocol version" in s_client(served, older, "-cipher", "DEFAULT@SECLEVEL=0")


def test_it_takes_no_suite_that_would_open_a_recorded_conversation(served: Served) -> None:
    assert "handshake failure" in s_client(served, "-tls1_2", "-cipher", "AES128-GCM-SHA256:AES128-SHA")
    assert "Cipher is ECDHE-" in s_client(served, "-tls1_2", "-cipher", "ECDHE+AESGCM")


def test_who_asks_for_another_name_gets_no_certificate_and_no_answer(served: Served) -> None:
    refused = s_client(served, name="other.example.org")
    assert "unrecognized name" in refused
    assert "BEGIN CERTIFICATE" not in refused
    with pytest.raises(AssertionError, match="Empty reply"):
        served.curl.get("/", "-H", "Host: other.example.org", scheme="http")


def test_browsers_get_http_2(served: Served) -> None:
    assert served.curl.get("/accounts/login/", "--http2").version == "HTTP/2"


def test_plain_http_is_led_to_https_but_for_the_authoritys_questions(served: Served) -> None:
    answer = served.curl.get("/meals/?page=2", scheme="http")
    assert (answer.status, answer["Location"]) == (301, f"https://{HOST}/meals/?page=2")
    assert answer.all("Strict-Transport-Security") == []
    challenge = served.front.folder / "webroot" / ".well-known" / "acme-challenge"
    challenge.mkdir(parents=True, exist_ok=True)
    (challenge / "question").write_text("answer")
    assert served.curl.get("/.well-known/acme-challenge/question", scheme="http").text == "answer"


def answers(served: Served) -> dict[str, Answer]:
    """One of each kind: who gives it, and what it is."""
    body = served.front.folder / "large"
    body.write_bytes(b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    return {
        "FoodMood: page": served.curl.get("/accounts/login/"),
        "FoodMood: redirect": served.curl.get("/"),
        "FoodMood: nothing there": served.curl.get("/nothing/"),
        "FoodMood: probe": served.curl.get("/ready/"),
        "nginx: file": served.curl.get(served.static),
        "nginx: no such file": served.curl.get("/static/nothing.css"),
        "nginx: no such method": served.curl.get(served.static, "-X", "POST"),
        "nginx: too large": served.curl.get("/accounts/login/", "--data-binary", f"@{body}"),
    }


def test_every_kind_of_answer_has_every_security_header_once(served: Served) -> None:
    for kind, answer in answers(served).items():
        assert {name: len(answer.all(name)) for name in SECURITY} == dict.fromkeys(SECURITY, 1), kind
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload", kind
        assert answer["Server"] == kind.partition(":")[0], kind


def test_a_file_from_the_disk_says_what_foodmood_says_of_it(served: Served) -> None:
    forwarded = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    for path in (served.static, "/static/css/foodmood.css"):
        ours, theirs = served.curl.get(path), get(f"http://127.0.0.1:{served.front.upstream}{path}", **forwarded)
        assert (ours.status, ours.text) == (theirs[0], theirs[2])
        for name in [*SECURITY, "Cache-Control", "Content-Type"]:
            assert words(ours[name]) == words(str(theirs[1][name])), name


def words(header: str) -> set[str]:
    """What it says, whatever its order and its quotation marks."""
    return set(header.replace('"', "").strip(";").split("; "))


def test_files_come_compressed_and_stay_for_ever_though_gunicorn_is_down(served: Served) -> None:
    served.stop()
    try:
        plain = served.curl.get(served.static)
        packed = {
            each: served.curl.get(served.static, "-H", f"Accept-Encoding: {each}") for each in ("gzip", "gzip, br")
        }
    finally:
        served.start()
    assert "immutable" in plain["Cache-Control"]
    assert plain.all("Content-Encoding") == []
    assert plain.body == (served.front.folder / served.static.strip("/")).read_bytes()
    assert packed["gzip"]["Content-Encoding"] == "gzip"
    assert packed["gzip, br"]["Content-Encoding"] == ("br" if BROTLI.exists() else "gzip")
    for answer in packed.values():
        assert len(answer.body) < len(plain.body) / 2
        assert answer["Vary"] == "Accept-Encoding"
        assert answer["Cache-Control"] == plain["Cache-Control"]


def test_what_is_too_large_is_refused_with_a_page_of_ours(served: Served, tmp_path: Path) -> None:
    body = tmp_path / "large"
    body.write_bytes(b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    refused = served.curl.get("/accounts/login/", "--data-binary", f"@{body}")
    assert refused.status == 413
    assert "That is too large" in refused.text
    assert_styled(refused)
    with body.open("wb") as file:
        file.truncate(settings.IMPORT_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    taken = served.curl.get(reverse("portability:import"), "--data-binary", f"@{body}")
    assert taken["Server"] == "FoodMood"
    with body.open("ab") as file:
        file.write(b"x")
    assert served.curl.get(reverse("portability:import"), "--data-binary", f"@{body}").status == 413


def test_the_client_that_foodmood_sees_is_who_connected_whatever_they_write(served: Served, tmp_path: Path) -> None:
    browser = replace(served.curl, folder=tmp_path)
    form = {
        "email": "alice@example.org",
        "password1": "a long and quiet evening",
        "consent": "on",
        "time_zone": "Europe/Berlin",
    }
    lie = [f"{name}: 203.0.113.66" for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded")]
    signed_up = browser.post("/accounts/signup/", form, *(each for header in lie for each in ("-H", header)))
    assert signed_up.status == 302, signed_up.text
    sessions = "__import__('allauth.usersessions.models').usersessions.models.UserSession.objects"
    assert served.site.ask(f"list({sessions}.values_list('ip', flat=True))") == "['127.0.0.1']"


def test_nothing_that_a_client_says_of_its_way_here_goes_through(served: Served) -> None:
    heard: list[Message[str, str]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers)
            self.send_response(204)
            self.end_headers()

    lies = (
        "X-Forwarded-For: 203.0.113.66",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: http",
        "Forwarded: for=a",
    )
    served.stop()
    try:
        with HTTPServer(("127.0.0.1", served.front.upstream), Ear) as ear:
            threading.Thread(target=ear.handle_request).start()
            assert served.curl.get("/", *(each for lie in lies for each in ("-H", lie))).status == 204
    finally:
        served.start()
    said = {name: heard[0].get_all(name) for name in ("Host", *(lie.partition(":")[0] for lie in lies))}
    ours = {"Host": [HOST], "X-Forwarded-For": ["127.0.0.1"], "X-Forwarded-Proto": ["https"]}
    assert said == ours | {"X-Forwarded-Host": None, "Forwarded": None}


def test_both_logs_call_a_request_by_the_name_that_its_answer_has(served: Served) -> None:
    given = "chosen-by-a-stranger"
    answer = served.curl.get("/accounts/login/?next=/meals/secret/", "-A", "curious/1", "-H", f"X-Request-ID: {given}")
    name = answer["X-Request-ID"]
    assert name != given
    until(lambda: name in served.front.log.read_text(), "nginx to log it")
    lines = [json.loads(line) for line in served.front.log.read_text().splitlines()]
    (ours,) = [line for line in lines if line["request_id"] == name]
    assert (ours["status"], ours["method"], ours["what"], ours["tls"]) == (200, "GET", "page", "TLSv1.3")
    (logged,) = [
        line
        for log in served.site.folder.glob("web.*.log")
        for line in map(json.loads, log.read_text().splitlines())
        if line.get("request_id") == name
    ]
    assert (logged["status"], logged["route"]) == (200, "account_login")


def test_the_log_tells_pages_probes_and_files_apart(served: Served) -> None:
    before = len(served.front.log.read_text().splitlines())
    for path in ("/accounts/login/", "/health/", "/ready/", served.static, "/static/nothing.css"):
        served.curl.get(path)
    until(lambda: len(served.front.log.read_text().splitlines()) == before + 5, "nginx to log them")
    lines = [json.loads(line) for line in served.front.log.read_text().splitlines()[before:]]
    assert [(line["what"], line["status"]) for line in lines] == [
        *(("page", 200), ("health", 200), ("ready", 200), ("static", 200), ("error", 404))
    ]


def test_no_log_of_nginx_says_who_asked_for_what(served: Served) -> None:
    served.curl.get("/meals/private-path/?q=private-query", "-A", "private-browser", "-u", "private-name:x")
    served.curl.get("/accounts/login/", "-e", f"https://{HOST}/private-page", "-H", "Host: private-host")
    served.stop()
    try:
        served.curl.get("/accounts/password/reset/key/private-token/?q=private-query")
    finally:
        served.start()
    for log in (served.front.folder / "log").iterdir():
        assert "private" not in log.read_text(), log
        assert "127.0.0.1" not in log.read_text(), log


def assert_styled(answer: Answer) -> None:
    """The policy lets the page's own style in, and that is all that it needs."""
    style = STYLE.search(answer.text)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in answer["Content-Security-Policy"]
    assert re.findall(r"(?:src|href)=\"([^\"]+)\"", answer.text) == ["/", "/"]


def test_while_foodmood_is_down_a_page_of_ours_says_so_and_goes_by_itself(served: Served) -> None:
    served.stop()
    try:
        down = served.curl.get("/accounts/login/")
    finally:
        served.start()
    assert (down.status, down["Retry-After"], down["Cache-Control"]) == (503, "5", "private, no-store")
    assert "One moment, please" in down.text
    assert {name: len(down.all(name)) for name in SECURITY} == dict.fromkeys(SECURITY, 1)
    assert_styled(down)
    assert down.all("X-Request-ID") == []  # by that our script tells a proxy's page from FoodMood's
    assert served.curl.get("/accounts/login/").status == 200


def test_every_page_of_nginx_has_the_style_that_the_policy_knows() -> None:
    pages = sorted((DEPLOY / "foodmood" / "pages").iterdir())
    assert len(pages) == 4
    styles = {STYLE.findall(page.read_text("utf-8"))[0] for page in pages}
    assert len(styles) == 1


def test_a_flood_is_refused_a_household_is_not_and_files_never_are(served: Served) -> None:
    time.sleep(3)  # what other tests asked for is forgiven
    assert set(served.curl.many("/health/", 100)) == {200}
    flood = served.curl.many("/health/", 1000)
    assert set(flood) == {200, 429}
    refused = served.curl.many("/health/", 300)
    assert 429 in refused
    assert set(served.curl.many(served.static, 300)) == {200}
    time.sleep(8)  # a burst of 200 at 30 a second: other tests find all of it forgiven


def test_slow_clients_keep_nobody_waiting(served: Served) -> None:
    context = ssl.create_default_context(cafile=str(served.authority.root))
    with ExitStack() as slow:
        for _ in range(20):  # gunicorn has four threads here
            plain = slow.enter_context(socket.create_connection(("127.0.0.1", served.front.https), timeout=20))
            connection = slow.enter_context(context.wrap_socket(plain, server_hostname=HOST))
            # That page reads what is sent before it asks from whom.
            head = f"POST {settings.CSP_REPORT_PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100\r\n\r\n"
            connection.sendall(f"{head}slowly…".encode())
        assert served.curl.get("/accounts/login/", "-m", "10").status == 200


def test_a_certificate_is_renewed_and_shown_and_nobody_notices(served: Served, tmp_path: Path) -> None:
    before = served.serial()
    visitors = replace(served.curl, folder=tmp_path)
    enough = threading.Event()
    seen: list[str] = []

    def visit() -> None:
        # Not HTTP/2: of that, a connection just opened may be told to come again, which browsers do and curl does not.
        while not enough.wait(0.05):
            try:
                seen.append(str(visitors.get("/health/", "--http1.1").status))
            except AssertionError as error:
                seen.append(str(error))

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        served.authority.certbot("renew", "--force-renewal", "--no-random-sleep-on-renew")
        until(lambda: served.serial() != before, "the new certificate to be shown")
        asked = len(seen)
        until(lambda: len(seen) > asked + 5, "some more visits")
    finally:
        enough.set()
        visitor.join()
    assert set(seen) == {"200"}
