from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        from apps.accounts import guesses, notices, verification  # noqa: F401, PLC0415 -- they listen, and need the models
