"""No page of ours is shown inside one of somebody else's, where its buttons would be pressed for another reason."""

from tests.isolation.asking import undone
from tests.isolation.conftest import Cast
from tests.isolation.diary import ALICE
from tests.isolation.table import table


def test_no_answer_may_be_framed(cast: Cast) -> None:
    for row in table():
        asker = cast.whom(row.who)
        for method in ("GET", "POST"):
            with undone():
                answer = asker.ask(method, row.path(ALICE), row.form_of(ALICE) if method == "POST" else None)
            assert "X-Frame-Options: DENY" in answer.head, f"{method} {row}"
            assert "frame-ancestors 'none'" in answer.head, f"{method} {row}"
