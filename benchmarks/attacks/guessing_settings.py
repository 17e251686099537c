"""Production, with a hasher that notes each password it judges, and mail in files."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403 -- as production has them
from foodmood.password_hashing import Argon2Hasher

FOLDER = Path(os.environ["BRUTE_FORCE_FOLDER"])

PASSWORD_HASHERS = ["benchmarks.attacks.guessing_settings.NotingHasher"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = FOLDER / "mail"


class NotingHasher(Argon2Hasher):
    def verify(self, password: str, encoded: str) -> bool:
        right = super().verify(password, encoded)
        with (FOLDER / "judged").open("a") as notes:  # appended whole, by whichever process
            notes.write("right\n" if right else "wrong\n")
        return right
