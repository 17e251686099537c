from typing import Any

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from foodmood.database import one_release, wait_until_reachable
from foodmood.startup import report_environment

# DJANGO_HSTS_SECONDS=0 and DJANGO_SSL_REDIRECT=0 are an operator's choice: a warning, no refusal.
CHOSEN = {"security.W004", "security.W008"}
CHOSEN_WITH_PLAIN_HTTP = {"security.W012", "security.W016"}  # cookies without Secure, by DJANGO_HTTPS=0


class Command(BaseCommand):
    help = (
        "Bring the database up to this version: `migrate`, one at a time, with the cache's table and schedules. Safe to"
        " run again. In production it looks at the settings first, and changes nothing if they are unsafe."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.RELEASE_CHECKS_DEPLOYMENT:
            self._check_deployment()
        report_environment()
        problem = wait_until_reachable()
        if problem:
            raise CommandError(problem)
        with one_release():
            call_command("migrate", interactive=False, verbosity=options["verbosity"], stdout=self.stdout)

    def _check_deployment(self) -> None:
        """What `check --deploy` finds is only a warning there, which nobody reads in the log of a release."""
        found = [each for each in run_checks(include_deployment_checks=True) if each.level >= WARNING]
        chosen = CHOSEN | (CHOSEN_WITH_PLAIN_HTTP if settings.PLAIN_HTTP else set())
        unsafe = [str(each) for each in found if each.id not in chosen and not each.is_silenced()]
        if unsafe:
            heading = "The settings are unsafe, so nothing was released. Mend them, and release again:"
            raise CommandError("\n".join([heading, *unsafe]))
        for choice in found:
            if choice.id in chosen:
                self.stderr.write(self.style.WARNING(str(choice)))
