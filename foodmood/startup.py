"""What an operator has to know when a process starts. Said once, and the process goes on: /ready/ says 503."""

import logging

from django.conf import settings
from django.db import connection

from foodmood.database import unreachable
from foodmood.static import not_collected

logger = logging.getLogger(__name__)


def report() -> None:
    if problem := unreachable():
        logger.error("%s Until then /ready/ says 503.", problem)
    connection.close()
    if not settings.DEBUG and (problem := not_collected()):
        logger.error("%s Until then pages fail, and /ready/ says 503.", problem)
