from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """A form that was sent and has done what it says. The key is a hash: nothing of what was typed is in here."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner"))
    key = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    led_to = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("form that was sent")
        verbose_name_plural = _("forms that were sent")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="submission_acts_once")]

    def __str__(self) -> str:
        return str(self.pk)
