"""What an operator has to know when a process starts. Said once, and the process goes on: /ready/ says 503."""

import logging

from django.conf import settings
from django.db import connection

from foodmood.database import unbounded_role, unreachable
from foodmood.mail import mail_is_sent
from foodmood.static import not_collected

logger = logging.getLogger(__name__)


def report() -> None:
    report_environment()
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
    if settings.PLAIN_HTTP:
        logger.warning(
            "DJANGO_HTTPS=0: passwords and diaries cross the network unencrypted, and anybody on it can read them. Keep"
            " it to a network that you trust."
        )
    if not settings.TRUSTED_PROXY_COUNT and any(address.startswith("unix:") for address in settings.WEB_BIND):
        logger.warning(
            "BIND names a socket file, so a proxy stands in front, but TRUSTED_PROXY_COUNT is 0: set it to 1, or"
            " everybody counts as one client, and https:// is not recognised."
        )
    if not settings.DEBUG and (problem := not_collected()):
        logger.error("%s Until then pages fail, and /ready/ says 503.", problem)


def report_environment() -> None:
    for notice in settings.ENVIRONMENT_NOTICES:
        logger.warning("%s", notice)
