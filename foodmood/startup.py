"""What an operator has to know when a process starts. Said once, and the process goes on: /ready/ says 503."""

import logging

from django.conf import settings
from django.db import connection

from foodmood.database import unbounded_role, unreachable
from foodmood.mail import mail_is_sent
from foodmood.static import not_collected

logger = logging.getLogger(__name__)


def report() -> None:
    if problem := unreachable():
        logger.error("%s Until then /ready/ says 503.", problem)
    elif settings.DATABASE_POOL == "pgbouncer" and (sql := unbounded_role()):
        logger.warning("Behind PgBouncer a request may hold the database for ever. Run there: %s", sql)
    connection.close()
    if settings.DATABASE_POOL == "psycopg" and connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined] # PostgreSQL's; a server may fork yet, and threads don't
    if not mail_is_sent():
        logger.warning(
            "No mail is set up: addresses are not verified, and nobody can reset a password. Set EMAIL_URL or"
            " EMAIL_PROVIDER, or close the sign-up with DJANGO_SIGNUP."
        )
    if not settings.DEBUG and (problem := not_collected()):
        logger.error("%s Until then pages fail, and /ready/ says 503.", problem)
