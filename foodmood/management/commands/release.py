from typing import Any

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import DatabaseError
from django.db.migrations import Migration

from foodmood.database import one_release, reason, wait_until_reachable
from foodmood.startup import report_environment

# DJANGO_HSTS_SECONDS=0 and DJANGO_SSL_REDIRECT=0 are an operator's choice: a warning, no refusal.
CHOSEN = {"security.W004", "security.W008"}
CHOSEN_WITH_PLAIN_HTTP = {"security.W012", "security.W016"}  # cookies without Secure, by DJANGO_HTTPS=0


class Migrate(MigrateCommand):
    """Django's, which knows what it was at when it failed."""

    at: Migration | None = None

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        if action in {"apply_start", "apply_success"}:
            self.at = migration if action == "apply_start" else None
        super().migration_progress_callback(action, migration, fake)


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
            self._migrate(options["verbosity"])

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

    def _migrate(self, verbosity: int) -> None:
        command = Migrate()
        try:
            call_command(command, interactive=False, verbosity=verbosity, stdout=self.stdout)
        except Exception as error:
            if not command.at:
                raise
            why = reason(error) if isinstance(error, DatabaseError) else f"{type(error).__name__}: {error}"
            stays = (
                "Nothing of it stays" if command.at.atomic else "Parts of it may stay (it is not in one transaction)"
            )
            raise CommandError(
                f"Migration {command.at} failed: {why}. {stays}; those before it are applied, and code of the version"
                " before goes on working with them. Mend what it says, or deploy a version with a better migration, and"
                " run `python manage.py release` again: it begins with this one."
            ) from error
