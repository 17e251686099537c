"""Settings of a process that has all the time it needs: how busy this machine is decides no test."""

from tests.settings import *  # noqa: F403 -- as all tests have them

IMPORT_SECONDS = 600
