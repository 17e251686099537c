"""Whether the files that every page needs were collected."""

from django.contrib.staticfiles.storage import staticfiles_storage


def not_collected() -> str | None:
    """What is missing and the mend, or None when all is there or nothing has to be collected."""
    # Only a storage that hashes names has a manifest of them.
    if getattr(staticfiles_storage, "hashed_files", True):
        return None
    return "Static files are not collected: run `python manage.py collectstatic --noinput`."
