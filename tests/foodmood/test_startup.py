import pytest

from foodmood.startup import report

pytestmark = pytest.mark.django_db


def test_a_site_that_sends_no_mail_says_what_that_means(no_mail: None, caplog: pytest.LogCaptureFixture) -> None:
    report()
    assert "addresses are not verified" in caplog.text


def test_a_site_that_sends_mail_says_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    report()
    assert "mail" not in caplog.text
