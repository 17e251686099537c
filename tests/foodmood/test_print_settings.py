from tests.config.test_environment import GOOD, manage

SECRETS = {
    "DATABASE_URL": "postgres://food:marked-1@db:5432/foodmood",
    "DJANGO_SECRET_KEY_FALLBACKS": "marked-2-former-key,marked-3-older-key",
    "EMAIL_URL": "smtp+tls://user:marked-4@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "diary@example.org",
    "EMAIL_WEBHOOK_SECRET": "foodmood:marked-5-abcdefghijklmnopqrstuvwxyz",
    "BACKUP_KEY": "marked-6 a long sentence that nobody else would think of",
    "BACKUP_S3_BUCKET": "bucket",
    "BACKUP_S3_ACCESS_KEY_ID": "marked-7",
    "BACKUP_S3_SECRET_ACCESS_KEY": "marked-8",
    "BACKUP_DRILL_URL": "postgres://food:marked-9@db:5432/drill",
    "MAILGUN_API_KEY": "marked-10",
    "POSTMARK_SERVER_TOKEN": "marked-11",
}


def test_it_prints_every_variable_and_no_secret() -> None:
    done = manage("print_settings", **GOOD | SECRETS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "marked" not in done.stdout
    assert GOOD["DJANGO_SECRET_KEY"] not in done.stdout
    assert "DJANGO_ALLOWED_HOSTS=food.example.org\n" in done.stdout
    assert "BACKUP_KEY=  # set; fingerprint " in done.stdout
    assert "#WEB_THREADS=\n" in done.stdout
    assert "# database: PostgreSQL database foodmood at db:5432\n" in done.stdout
    assert "# schedule backup: " in done.stdout


def test_the_same_secret_has_the_same_fingerprint_and_another_one_another() -> None:
    prints = [manage("print_settings", **GOOD | {"MAILGUN_API_KEY": key}).stdout for key in ("a", "a", "b")]
    assert prints[0] == prints[1] != prints[2]
