"""What no command caught is a line of the log like any other; Python itself would print the values of a message."""

import logging
from threading import ExceptHookArgs
from types import TracebackType

logger = logging.getLogger(__name__)


def log(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    """For sys.excepthook."""
    if isinstance(error, KeyboardInterrupt):
        return
    logger.critical("It ended with an error that nothing caught.", exc_info=(kind, error, where))


def log_of_thread(args: ExceptHookArgs) -> None:
    """For threading.excepthook."""
    if args.exc_type is SystemExit:  # which ends a thread in good order
        return
    logger.critical("A thread ended with an error that nothing caught.", exc_info=args.exc_value)
