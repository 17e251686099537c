"""Redis stops, starts again empty, and takes its time, while twenty people write and somebody looks around."""

import time

from tests.faults.conftest import Trial
from tests.faults.writers import Browser
from tests.foodmood.processes import Site, until
from tests.foodmood.redis_server import redis_server

SLEEP = 5  # seconds


def test_redis_may_stop_start_and_sleep_at_any_moment(trial: Trial) -> None:
    with redis_server(trial.site.folder) as redis:
        in_redis = {"REDIS_URL": redis.url, "TASK_BROKER": "redis"}
        site = Site(trial.site.folder, trial.site.environment | in_redis)
        with site.worker(), site.web() as address, trial.writing(address) as writers:
            somebody = Browser(address, {"__Host-sessionid": trial.sessions[0]})
            look_around(somebody)
            redis.stop()
            look_around(somebody)
            writers.go_on()
            redis.start()
            writers.go_on()
            redis.sleep(SLEEP)
            look_around(somebody)
            until(redis.answers, "Redis to wake up")
            back = time.monotonic()
            writers.go_on()
    trial.whole("Redis is stopped, started again, and sleeps", writers, back)
    assert not writers.seen, writers.last_error


def look_around(somebody: Browser) -> None:
    """What is kept in Redis where there is one: names to choose from, and what insights found."""
    for path in ("/", "/log/suggest/?q=o", "/insights/"):
        answer = somebody.ask(path)
        assert answer is not None
        assert answer.status == 200, path
