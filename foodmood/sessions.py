"""The session engine: Django's own, in the database."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import Error
from django.utils import timezone

from foodmood.outage import is_outage

STARTED = "started"  # when its person logged in: seconds since 1970


class SessionStore(db.SessionStore):
    """Ends after SESSION_COOKIE_AGE without use, and SESSION_MAX_AGE after its person logged in, however often used.

    Row and cookie both take their end from the two methods here, so no request has to check it.
    """

    def get_expiry_age(self, **kwargs: Any) -> int:
        return min(super().get_expiry_age(**kwargs), self._seconds_left())

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        return min(super().get_expiry_date(**kwargs), timezone.now() + timedelta(seconds=self._seconds_left()))

    def _seconds_left(self) -> int:
        now = int(time.time())
        end: int = self.get(STARTED, now) + settings.SESSION_MAX_AGE
        return end - now

    def save(self, must_create: bool = False) -> None:
        """Django takes every failure for a session that was deleted meanwhile, and answers 400: nobody would send
        that again. A database that is away says so.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, Error) and is_outage(error.__context__):
                raise error.__context__ from None
            raise
