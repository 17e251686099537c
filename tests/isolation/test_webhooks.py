"""The address at which a mail provider reports is there only with a secret; it is the only one that comes and goes."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from config import urls
from tests.isolation.asking import METHODS, undone
from tests.isolation.conftest import Cast
from tests.isolation.diary import ALICE
from tests.isolation.urlconf import routes

PATH = "/mail/webhooks/"


@pytest.fixture
def with_webhook(settings: Settings) -> ModuleType:
    """The URLconf of a site with a provider that reports."""
    settings.MAIL_WEBHOOK = "anymail.webhooks.postmark.PostmarkTrackingWebhookView"
    settings.ANYMAIL = settings.ANYMAIL | {"WEBHOOK_SECRET": "user:password"}
    spec = spec_from_file_location("urls_with_webhook", str(urls.__file__))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    settings.ROOT_URLCONF = module
    return module


def test_it_is_the_one_address_that_is_not_always_there(with_webhook: ModuleType) -> None:
    assert set(routes()) - set(routes(get_resolver("config.urls"))) == {"mail/webhooks/"}
    assert len(re.findall(r"^\s*if ", Path(str(urls.__file__)).read_text("utf-8"), re.MULTILINE)) == 1


def test_without_a_secret_it_is_not_there(client: Client, db: None) -> None:
    assert client.post(PATH).status_code == 404


def test_without_the_secret_it_answers_nobody(cast: Cast, with_webhook: ModuleType) -> None:
    for asker in (cast.nobody, cast.bob, cast.alice, cast.operator):
        for method in METHODS:
            with undone():
                answer = asker.ask(method, PATH, {"email": ALICE.email}, Authorization="Basic dXNlcjpndWVzcw==")
            assert (answer.status, answer.body, answer.wrote) == (401, "", False), f"{method} {PATH}"
