from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "foodmood.submissions"
    verbose_name = _("forms that were sent")
