"""Mails as a browser draws them. `python -m docs.mails FOLDER` takes pictures of them."""

from collections.abc import Iterator
from typing import Literal

import pytest
from allauth.core.context import request_context
from django.test import RequestFactory
from playwright.sync_api import Browser, Page

from apps.accounts.letters import LETTERS
from tests.accounts.letters import CONTEXTS
from tests.e2e.test_accessibility import violations

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]


@pytest.fixture(params=["light", "dark"])
def reader(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    scheme: Literal["light", "dark"] = request.param
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 375, "height": 700})
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda seen: asked.append(seen.url))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(("about:", "data:"))] == []


def test_every_mail_fits_a_phone_and_can_be_read_by_everybody(reader: Page) -> None:
    with request_context(RequestFactory(headers={"host": "testserver"}).get("/", secure=True)):
        mails = {
            prefix: str(LETTERS[prefix](context).to("eva@example.org", sender="").alternatives[0][0])
            for prefix, context in CONTEXTS.items()
        }
    for prefix, html in mails.items():
        reader.set_content(html)
        assert reader.evaluate("document.documentElement.scrollWidth") <= 375, prefix
        # A mail program shows the mail inside its own page, which has the landmarks.
        problems = [found for found in violations(reader) if not found.startswith(("landmark", "region"))]
        assert problems == [], prefix
