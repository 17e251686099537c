from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        from apps.accounts import notices  # noqa: F401, PLC0415 -- it listens, and needs the models
