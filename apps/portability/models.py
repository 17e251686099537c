"""Where imported rows came from: what each import added, and by which row of its file it is known."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

FILE_NAME_LENGTH = 200
KEY_LENGTH, FINGERPRINT_LENGTH = 32, 16


class Format(models.TextChoices):
    FOODMOOD = "foodmood", _("FoodMood archive (.json)")
    CRONOMETER = "cronometer", _("Cronometer, servings (.csv)")
    DAYLIO = "daylio", _("Daylio, moods (.csv)")


class Import(models.Model):
    """One file that a person imported, with what it did at the time. The file itself is not kept."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports", db_index=False)
    format = models.CharField(_("format"), max_length=20, choices=Format.choices)
    at = models.DateTimeField(_("imported at"), auto_now_add=True)
    file_name = models.CharField(_("file"), max_length=FILE_NAME_LENGTH, blank=True)
    meals = models.PositiveIntegerField(default=0)
    portions = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    edibles = models.PositiveIntegerField(default=0)
    categories = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)  # notes, ingredients and steps added to what was there
    updated = models.PositiveIntegerField(default=0)
    recognised = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True, blank=True)  # as far as it could be: something stayed

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["owner", "-at", "-id"], name="imports_of_owner_newest")]
        constraints = [models.UniqueConstraint(fields=["id", "owner"], name="import_with_owner")]  # for SameParent

    def __str__(self) -> str:
        return f"{self.get_format_display()} {self.at:%Y-%m-%d %H:%M}"

    def described(self) -> list[str]:
        """What it added and corrected at the time; kinds of which there are none are left out."""
        counted = (
            (self.meals, ngettext("%(n)d meal", "%(n)d meals", self.meals)),
            (self.portions, ngettext("%(n)d portion", "%(n)d portions", self.portions)),
            (self.entries, ngettext("%(n)d entry", "%(n)d entries", self.entries)),
            (self.edibles, ngettext("%(n)d new edible", "%(n)d new edibles", self.edibles)),
            (self.categories, ngettext("%(n)d new category", "%(n)d new categories", self.categories)),
            (self.updated, ngettext("%(n)d corrected row", "%(n)d corrected rows", self.updated)),
            (self.recognised, ngettext("%(n)d row recognised", "%(n)d rows recognised", self.recognised)),
        )
        return [text % {"n": n} for n, text in counted if n]


class ImportedRow(models.Model):
    """One row of the diary that an import added or recognised.

    `row` is the number of a meal, portion, … of the same owner. It is no foreign key: that a row was deleted has to be
    remembered, and numbers are never used again. The two fingerprints tell what changed since: `said` what the file
    said, `written` what the diary then held.
    """

    class Kind(models.TextChoices):
        MEAL = "meal"
        PORTION = "portion"
        ENTRY = "entry"
        EDIBLE = "edible"
        CATEGORY = "category"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    origin = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=KEY_LENGTH, null=True)  # noqa: DJ001 -- rows without one never equal each other
    row = models.BigIntegerField()
    said = models.CharField(max_length=FINGERPRINT_LENGTH)
    written = models.CharField(max_length=FINGERPRINT_LENGTH)
    added = models.BooleanField()  # by this import; otherwise it was there already

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        indexes = [models.Index(fields=["origin", "kind", "row"], name="rows_of_import")]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="imported_row_once_per_owner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
