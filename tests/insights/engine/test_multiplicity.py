import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.insights.engine.multiplicity import false_discovery_rate, leaders, resemblance


def test_q_is_benjamini_and_hochbergs() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.5])
    assert false_discovery_rate(p) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_what_is_left_of_more_tests_pays_for_all_of_them() -> None:
    assert false_discovery_rate(np.array([0.01, 0.02]), tests=10) == pytest.approx([0.1, 0.1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_is_never_below_p_and_keeps_its_order(values: list[float]) -> None:
    p = np.array(values)
    q = false_discovery_rate(p)
    assert (q >= p).all()
    assert (q <= 1).all()
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= 0).all()


def test_identical_and_opposite_columns_are_the_same_question() -> None:
    milk = np.array([True, True, False, False, True, False])
    tea = np.array([True, False, True, False, True, False])
    same = resemblance(np.column_stack([milk, tea, ~milk]))
    assert same.tolist() == [[True, False, True], [False, True, False], [True, False, True]]


def test_the_most_frequent_leads_its_group() -> None:
    same = np.array([[True, False, True], [False, True, False], [True, False, True]])
    assert leaders(same, np.array([5, 9, 6])).tolist() == [2, 1, 2]
