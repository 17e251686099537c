"""How Redis is asked: it answers at once, or it is not waited for."""

from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE: Final = 0.25  # seconds; in one data centre it answers in one thousandth of one


def connect(url: str) -> Redis:
    """A pool of connections for all threads of this process. Options in the URL win, such as ?socket_timeout=1."""
    return Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),  # redis-py waits for seconds between its own tries
    )
