"""`make coverage` refuses what ran too little of, of the lines and of the branches, each for itself."""

import pytest

from tools.covered import judge


def totals(lines: int, branches: int) -> dict[str, int]:
    return {"num_statements": 200, "covered_lines": lines, "num_branches": 100, "covered_branches": branches}


def test_enough_of_both_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(totals(lines=190, branches=95)) == 0
    assert "95.00 % of the lines ran: ok" in capsys.readouterr().out


@pytest.mark.parametrize(("lines", "branches", "few"), [(189, 100, "lines"), (200, 94, "branches")])
def test_too_few_of_either_fails(lines: int, branches: int, few: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(totals(lines, branches)) == 1
    assert f"of the {few} ran: too few" in capsys.readouterr().out
