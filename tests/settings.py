"""The test settings, whatever DJANGO_ENV or .env say outside."""

import os

os.environ["DJANGO_ENV"] = "test"
# A test keeps its transaction for as long as it lasts, whatever it does meanwhile.
for _name in ("DATABASE_STATEMENT_TIMEOUT", "DATABASE_LOCK_TIMEOUT", "DATABASE_IDLE_TIMEOUT"):
    os.environ.setdefault(_name, "0")

from config.settings import *  # noqa: E402, F403 -- the environment comes first
