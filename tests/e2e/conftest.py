"""A real browser: the system's Chromium, which may talk to the test's own server and to nobody else."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from apps.wellbeing.starter import create_starter_categories
from tests.factories import UserFactory
from tests.services import needed

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NO_FAULTS = (
    "status of 422",  # a refused form: Chromium reports every status from 400 up
    "Permissions-Policy header: Unrecognized feature",  # Chromium knows some of them on some systems only
    # Type-ahead breaks off the question that a further letter overtakes. htmx logs that as an error, and with every
    # error also the end of its request: what really fails says sendError, timeout or responseError besides.
    "htmx:sendAbort",
    "htmx:afterRequest",
)
OpenPage = Callable[..., Page]
MILLISECONDS = 20_000  # patience with a busy machine


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    needed(path, f"No browser: none of {', '.join(NAMES)} is on the PATH.")
    # Playwright's loop runs in this thread for as long as the browser does, so that Django would take every query
    # of a test for an asynchronous one.
    expect.set_options(timeout=MILLISECONDS)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # No sandbox: containers run as root. No /dev/shm: theirs is small.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def eva(chromium: Browser, transactional_db: None) -> User:
    """Somebody with the starter categories."""
    user = UserFactory.create(email="eva@example.org")
    create_starter_categories(owner=user)
    return user


@pytest.fixture
def open_page(eva: User, live_server: LiveServer, chromium: Browser) -> Iterator[OpenPage]:
    """Opens a page in a browser of its own, as Eva or as nobody.

    Afterwards fails on errors in the console (so on any breach of the CSP) and on strays.
    """
    problems: list[str] = []
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(text in message.text for text in NO_FAULTS):
            problems.append(message.text)

    def guard(route: Route) -> None:
        if route.request.url.startswith(live_server.url):
            route.continue_()
            return
        problems.append(f"A request left the site: {route.request.url}")
        route.abort()

    def open_page(path: str, width: int = 375, *, signed_in: bool = True, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 812},
            locale="en-GB",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(MILLISECONDS)
        context.route("**/*", guard)
        if signed_in:
            browser = Client()
            browser.force_login(eva)
            session = browser.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    found = list(problems)  # before closing, which breaks off what is still on its way
    for context in contexts:
        context.close()
    assert found == []
