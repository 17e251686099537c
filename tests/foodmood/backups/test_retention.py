from datetime import UTC, datetime, timedelta

from django.conf import settings as site
from hypothesis import given
from hypothesis import strategies as st

from foodmood.backups.retention import Plan, kept

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
times = st.sets(
    st.integers(0, 500 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)), min_size=1, max_size=80
)
plans = st.builds(
    Plan,
    st.integers(0, 10),
    st.integers(0, 10),
    st.integers(0, 10),
    st.integers(1, 400).map(lambda n: timedelta(days=n)),
)


@given(times, plans)
def test_the_newest_stays_and_nothing_else_outlives_the_promise(found: set[datetime], plan: Plan) -> None:
    stay = kept(found, plan, NOW)
    assert stay <= found
    assert max(found) in stay
    # Tomorrow, when the next backup looks, each of these is still within what people were told.
    tomorrow = NOW + timedelta(days=1)
    assert all(tomorrow - at < max(plan.longest, timedelta(days=2)) for at in stay - {max(found)})


@given(times, plans)
def test_of_each_of_the_last_days_weeks_and_months_the_newest_stays(found: set[datetime], plan: Plan) -> None:
    stay = kept(found, plan, NOW)
    young = {at for at in found if NOW - at < plan.longest - timedelta(days=1)}
    for number, period in ((plan.daily, "%Y-%m-%d"), (plan.weekly, "%G-%V"), (plan.monthly, "%Y-%m")):
        last = sorted({at.strftime(period) for at in found}, reverse=True)[:number]
        assert {max(at for at in found if at.strftime(period) == each) for each in last} & young <= stay


@given(times, plans)
def test_no_more_stays_than_was_asked_for(found: set[datetime], plan: Plan) -> None:
    today = {at for at in found if NOW - at < timedelta(days=1)}
    assert len(kept(found, plan, NOW) - today - {max(found)}) <= plan.daily + plan.weekly + plan.monthly


@given(times, plans)
def test_to_look_again_removes_no_more(found: set[datetime], plan: Plan) -> None:
    stay = kept(found, plan, NOW)
    assert kept(stay, plan, NOW) == stay


def test_after_a_year_of_daily_backups_a_week_of_days_and_four_weeks_are_there() -> None:
    stay: set[datetime] = set()
    for day in range(365, -1, -1):
        now = NOW - timedelta(days=day)
        stay = kept(stay | {now}, site.BACKUP_PLAN, now)
    ages = sorted((NOW - at).days for at in stay)
    assert ages == [0, 1, 2, 3, 4, 5, 6, 9, 16]
    assert site.BACKUP_PLAN.longest == site.RETENTION["backups"]
