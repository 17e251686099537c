"""The test settings, whatever DJANGO_ENV or .env say outside."""

import os

os.environ["DJANGO_ENV"] = "test"

from config.settings import *  # noqa: F403 -- the environment comes first
