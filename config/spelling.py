"""Names in the environment that nobody reads, and that look as if they were meant for FoodMood."""

from collections.abc import Collection, Iterator

# Read by Django itself.
OF_DJANGO = {
    *("DJANGO_SETTINGS_MODULE", "DJANGO_COLORS", "DJANGO_AUTO_COMPLETE", "DJANGO_RUNSERVER_HIDE_WARNINGS"),
    *("DJANGO_SUPERUSER_EMAIL", "DJANGO_SUPERUSER_PASSWORD", "DJANGO_SUPERUSER_USERNAME", "DJANGO_TEST_PROCESSES"),
    *("DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_WATCHMAN_TIMEOUT"),
}
# What other projects call it.
ELSEWHERE = {
    **dict.fromkeys(
        ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL"),
        "EMAIL_URL",
    ),
    **dict.fromkeys(("SMTP_URL", "MAIL_URL"), "EMAIL_URL"),
    "EMAIL_BACKEND": "EMAIL_PROVIDER",
    "DJANGO_DEBUG": "DJANGO_ENV",
    "SECRET_KEY": "DJANGO_SECRET_KEY",
    "ALLOWED_HOSTS": "DJANGO_ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS": "DJANGO_CSRF_TRUSTED_ORIGINS",
}


def misspelt(names: Collection[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each unknown name that is one edit away from a known one that is not given, with that one.

    Short names, such as PORT, are one edit away from too many others.
    """
    long = [name for name in known if "_" in name and name not in names]
    for name in sorted(set(names) - set(known) - OF_DJANGO):
        meant = next((each for each in long if one_edit_apart(name.upper(), each)), None)
        if meant:
            yield name, meant


def mistaken(names: Collection[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each name that other projects use, and the one that is read here instead; "" where there is none."""
    for name in sorted(set(names) - set(known) - OF_DJANGO):
        instead = ELSEWHERE.get(name) or next(
            (each for each in (f"DJANGO_{name}", name.removeprefix("DJANGO_")) if each in known and "_" in name), ""
        )
        if instead or name.startswith(("DJANGO_", "BACKUP_")):
            yield name, instead


def one_edit_apart(one: str, other: str) -> bool:
    """Whether a letter was added, left out or replaced, or two neighbours swapped; or nothing but case differs."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    swapped = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return rest == others or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:] or swapped
