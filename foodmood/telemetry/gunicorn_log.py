from logging.config import dictConfig

from django.conf import settings
from gunicorn.config import Config
from gunicorn.glogging import Logger


class Log(Logger):  # type: ignore[misc] # gunicorn is published without types
    """gunicorn's own lines go where all others go, from before there is a worker."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        dictConfig(settings.LOGGING)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
