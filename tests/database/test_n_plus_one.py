"""A page that asks the database once for each row fails in every test that opens it."""

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from zeal import NPlusOneError

from apps.accounts.models import User
from apps.accounts.requests import PersonRequest
from config.urls import urlpatterns as real
from tests.factories import EntryFactory


def planted(request: PersonRequest) -> HttpResponse:
    return HttpResponse(", ".join(entry.category.name for entry in request.user.entries.all()))


urlpatterns = [*real, path("planted/", planted)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_planted_one_is_found(alice: User, alices: Client) -> None:
    for _category in range(2):
        EntryFactory.create(option__category__owner=alice)
    with pytest.raises(NPlusOneError, match=r"wellbeing\.Entry\.category"):
        alices.get("/planted/")
