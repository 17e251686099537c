"""Settings of a process that stands still as soon as it knows them."""

import signal

from tests.settings import *  # noqa: F403 -- as all tests have them

signal.raise_signal(signal.SIGALRM)
