"""The table of contents. What each environment shares is in base/, what differs in <DJANGO_ENV>.py.

No component imports another: split-settings runs them all in this namespace, in this order.
"""

from split_settings.tools import include

from config.env import load

env = load()

include(
    "base/apps.py",
    "base/http.py",
    "base/templates.py",
    "base/database.py",
    "base/cache.py",
    "base/auth.py",
    "base/limits.py",
    "base/email.py",
    "base/i18n.py",
    "base/static.py",
    "base/security.py",
    "base/logging.py",
    "base/sentry.py",
    "base/tasks.py",
    "base/retention.py",
    f"{env['DJANGO_ENV']}.py",
    "base/verification.py",  # follows from the mail that the environment chose
)
