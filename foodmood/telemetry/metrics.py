"""What is counted in this process. What is not this process's own is in state.py. docs/monitoring.md lists all.

Labels are words from a short list, never what somebody sent: each new one costs memory for ever, and a diary is
health data.
"""

from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING, Literal

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:  # it calls us
    from foodmood.telemetry.requests import Observation

KIBIBYTE = 1024

REQUESTS = Counter("foodmood_requests", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "foodmood_request_seconds",
    "Seconds that answers took, without what a client takes to read them.",
    ["method", "route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
REQUEST_QUERIES = Histogram(
    "foodmood_request_queries", "Database queries of one request.", ["route"], buckets=(0, 2, 5, 10, 20, 50, 100)
)
QUERY_SECONDS = Counter("foodmood_query_seconds", "Seconds that requests waited for the database.", ["route"])
CACHE = Counter("foodmood_cache_reads", "Values that a cache was asked for.", ["cache", "result"])
INSIGHTS_SECONDS = Histogram(
    "foodmood_insights_seconds",
    "Seconds that one diary's insights took to compute.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32),
)
PROCESSES = Gauge("foodmood_web_processes", "Web processes that have answered.", multiprocess_mode="livesum")
PEAK_MEMORY = Gauge(
    "foodmood_web_peak_memory_bytes",
    "The most memory that any of the living web processes ever took.",
    multiprocess_mode="livemax",
)


def observe(seen: "Observation") -> None:
    REQUESTS.labels(seen.method, seen.route, seen.status).inc()
    REQUEST_SECONDS.labels(seen.method, seen.route).observe(seen.seconds)
    REQUEST_QUERIES.labels(seen.route).observe(seen.queries)
    QUERY_SECONDS.labels(seen.route).inc(seen.query_seconds)
    PROCESSES.set(1)
    PEAK_MEMORY.set(getrusage(RUSAGE_SELF).ru_maxrss * KIBIBYTE)


def cache_read(cache: str, result: Literal["hit", "miss", "error"], times: int = 1) -> None:
    CACHE.labels(cache, result).inc(times)
