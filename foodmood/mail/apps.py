from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "foodmood.mail"
    verbose_name = _("mail")

    def ready(self) -> None:
        from foodmood.mail.bounces import note_bounce  # noqa: PLC0415 -- models are ready only now

        tracking.connect(note_bounce)
