import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from foodmood.addresses import address_key, normal_address

HOPELESS = [
    f"a@{'ü' * 60}.de",  # too long a label, once it is written in ASCII
    "a@\u0640\u0640x.de",  # mixes the directions of writing
    "a@\u00ad.de",  # nothing but a soft hyphen
    "ſ@example.org",
    "ü@example.org",
    '"two words"@example.org',
    '"a\\"b"@example.org',
    '"a\\b"@example.org',
    '""@example.org',
    '"a.."@example.org',
    'a"b"@example.org',
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "a@example.org.",
    "a@b",
    "a\0@example.org",
    "a@x.org\nBcc: b@x.org",
    "@example.org",
    "a@",
    "",
    "x" * 250 + "@example.org",
    f"a@{'ü' * 20}.{'ö' * 40}.{'ä' * 40}.{'ü' * 40}.{'ö' * 40}.{'ä' * 40}.de",  # too long in ASCII only
    "a@" + "\u00ad" * 100_000 + "example.org",
]


@pytest.mark.parametrize(
    "spelling",
    [
        "fine@example.org",
        " Fine@Example.ORG ",
        "fine@ex\uff41mple.org",
        "fine@\u24d4xample.org",
        "fine@exam\u00adple.org",
        "fine@example\u3002org",
        "fine@e\u200bxample.org",
        '"fine"@example.org',
        '"Fine"@Example.org ',
    ],
)
def test_one_mailbox_has_one_spelling(spelling: str) -> None:
    assert normal_address(spelling) == "fine@example.org"


def test_a_domain_is_kept_as_mail_servers_see_it() -> None:
    assert normal_address("Ann@MÜLLER.de") == normal_address("ann@xn--mller-kva.DE") == "ann@xn--mller-kva.de"


@pytest.mark.parametrize("typed", HOPELESS)
def test_where_no_mail_can_go_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        normal_address(typed)


@pytest.mark.parametrize("typed", HOPELESS)
def test_what_is_refused_can_be_counted_all_the_same(typed: str) -> None:
    assert address_key(f" {typed} ") == typed.lower()


@given(st.from_regex(r"\A[a-zA-Z]{1,5}@[\w\u00ad\uff41-\uff5a.\u3002-]{1,20}\.[a-z]{2,5}\Z"))
def test_the_normal_spelling_is_its_own(typed: str) -> None:
    try:
        address = normal_address(typed)
    except ValidationError:
        return
    assert normal_address(address) == address
