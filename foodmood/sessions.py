"""The session engine: Django's own, in the database."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import Error

from foodmood.outage import is_outage


class SessionStore(db.SessionStore):
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
