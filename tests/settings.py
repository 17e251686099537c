"""The test settings, whatever DJANGO_ENV or .env say outside."""

import os

os.environ["DJANGO_ENV"] = "test"
# A test keeps its transaction for as long as it lasts, whatever it does meanwhile.
for _name in ("DATABASE_STATEMENT_TIMEOUT", "DATABASE_LOCK_TIMEOUT", "DATABASE_IDLE_TIMEOUT"):
    os.environ.setdefault(_name, "0")

from config.settings import *  # noqa: E402, F403 -- the environment comes first
from config.settings import INSTALLED_APPS, MIDDLEWARE  # type: ignore[attr-defined] # noqa: E402 -- mypy can't follow include()

# A page that asks once for each row fails, in every test that opens it.
INSTALLED_APPS += ["zeal"]
MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
# Where allauth, sessions and the admin get one row again and again, zeal takes it for our middleware's doing, for it
# looks at no frame of a library. What loops over get() in our own code grows the counts of queries, which tests hold.
ZEAL_ALLOWLIST = [{"model": "*", "field": "get()"}]
