import platform
from collections.abc import Iterator
from typing import Any

import django
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from foodmood.database import describe


class Command(BaseCommand):
    help = "Print the configuration for safe keeping: every variable, of secrets a fingerprint only, and what follows."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for name, value, secret in import_string(settings.ENVIRONMENT)():
            if value is None:
                self.stdout.write(f"#{name}=")
            elif secret:
                self.stdout.write(f"{name}=  # set; fingerprint {fingerprint(name, value)}")
            else:
                self.stdout.write(f"{name}={value}")
        self.stdout.write("")
        for what, value in _resolved():
            self.stdout.write(f"# {what}: {value}")


def fingerprint(name: str, value: str) -> str:
    """Tells whether two hosts have the same secret, as long as they have the same secret key; not what it is."""
    return salted_hmac("foodmood.print_settings", f"{name}={value}", algorithm="sha256").hexdigest()[:12]


def _resolved() -> Iterator[tuple[str, object]]:
    yield "FoodMood", settings.VERSION
    yield "Python", platform.python_version()
    yield "Django", django.get_version()
    yield "database", describe()
    for alias, each in settings.CACHES.items():
        yield f"cache {alias}", each["BACKEND"]
    for alias, each in settings.STORAGES.items():
        yield f"storage {alias}", each["BACKEND"]
    yield "mail", settings.EMAIL_BACKEND
    yield "hosts", ", ".join(settings.ALLOWED_HOSTS)
    yield "backups kept", settings.BACKUP_PLAN
    for name, each in settings.SCHEDULES.items():
        when = f"each day at {each['at']} UTC" if "at" in each else f"every {each['minutes']} minutes"
        yield f"schedule {name}", f"{each['func']} {when}"
