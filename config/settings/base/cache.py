# default, in the database: rate limits count over all processes, and neither open nor close when Redis is down.
# losable, in Redis where there is one: what is computed anew when it is gone. docs/adr/0019 says what belongs where.
CACHES = {
    "default": {
        "BACKEND": "foodmood.telemetry.caches.CountedDatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What pages have in common, such as the tabs: the same for everybody who reads the language. Nothing of a diary.
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"},
    "losable": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "losable",
        "OPTIONS": {"MAX_ENTRIES": 40},  # of each process, in its memory: insights take about 0.1 MB, at worst 1 MB
    },
}
if env["REDIS_URL"]:
    CACHES["losable"] = {"BACKEND": "foodmood.losable.LosableCache", "LOCATION": env["REDIS_URL"]}
