# In the database: rate limits count over all processes, and neither open nor close when some other server is down.
CACHES = {
    "default": {
        "BACKEND": "foodmood.telemetry.caches.CountedDatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
