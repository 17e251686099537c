"""For `manage.py lintmigrations`: may the code of the version before go on while a migration runs, and after it?"""

from tests.settings import *  # noqa: F403 -- settings
from tests.settings import INSTALLED_APPS  # type: ignore[attr-defined] # mypy can't follow include()

DATABASES = {"default": {"ENGINE": "tools.migrations.postgresql", "NAME": "nowhere"}}
MIGRATION_LINTER_OPTIONS = {
    "include_apps": [name.rpartition(".")[2] for name in INSTALLED_APPS if name.startswith(("apps.", "foodmood."))],
    # Those that are safe for a reason that can't be seen in them: docs/upgrading.md.
    "ignore_name": [],
    "no_cache": True,
    "quiet": ["ok", "ignore", "warning"],
    # An index whose making locks out writers is refused, too.
    "warnings_as_errors": ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX", "RUNPYTHON_REVERSIBLE"],
}
INSTALLED_APPS += ["django_migration_linter"]
LOGGING_CONFIG = None  # it says which command it calls
