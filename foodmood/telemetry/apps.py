import sys
import threading

from django.apps import AppConfig
from django.conf import settings


class TelemetryConfig(AppConfig):
    name = "foodmood.telemetry"

    def ready(self) -> None:
        from foodmood.telemetry import tasks, uncaught  # noqa: PLC0415 -- models are ready only now

        tasks.connect()
        if not settings.DEBUG:
            sys.excepthook = uncaught.log
            threading.excepthook = uncaught.log_of_thread
        if settings.SENTRY:
            from foodmood.telemetry import sentry  # noqa: PLC0415 -- it takes memory, and time at every start

            sentry.start(**settings.SENTRY)
