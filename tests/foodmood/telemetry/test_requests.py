import pytest
from django.test import Client


@pytest.mark.django_db
def test_an_answer_names_its_request(client: Client) -> None:
    assert (
        client.get("/health/", headers={"X-Request-ID": "a-name-of-mine"}).headers["X-Request-ID"] == "a-name-of-mine"
    )


@pytest.mark.parametrize("given", ["short", "with space", "x" * 129, "ünïcödé-name", "line\nbreak-in-it"])
def test_a_name_that_is_none_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/health/", headers={"X-Request-ID": given})
    assert len(answer.headers["X-Request-ID"]) == 32
