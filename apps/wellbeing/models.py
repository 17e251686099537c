from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foodmood.days import EARLIEST, LATEST, validate_diary_time
from foodmood.names import FoldedField, remember_alias
from foodmood.text import validate_line, validate_notes

NAME_LENGTH = 80
DESCRIPTION_LENGTH = 500
ICON_LENGTH = 16  # one emoji may be many code points: a family with skin tones has eleven
NOTES_LENGTH = 10_000
GUESSED_WITHIN = 4  # hours either side of a guessed time
VALUE_LIMIT = 1000
ORDER_LIMIT = 32_767  # what every database holds in a small integer


class CategoryQuerySet(models.QuerySet["Category"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def archived(self) -> Self:
        return self.filter(is_active=False)

    def with_entry_counts(self) -> Self:
        """That they are of the same owner is so anyway. Said, it spares PostgreSQL from counting everybody's."""
        own = models.FilteredRelation("entries", condition=Q(entries__owner=models.F("owner")))
        counted = self.annotate(own_entries=own, entry_count=models.Count("own_entries"))
        return counted.order_by("pk")  # counting forgets the order

    def with_options(self) -> Self:
        return self.prefetch_related("options")


class Category(models.Model):
    """What a person rates, such as mood, on a scale of their own. Archived (not active) rather than deleted."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="categories", db_index=False)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, validators=[validate_line])
    key = FoldedField(source="name", max_length=3 * NAME_LENGTH)
    description = models.CharField(
        _("description"), max_length=DESCRIPTION_LENGTH, blank=True, validators=[validate_notes]
    )
    icon = models.CharField(_("icon"), max_length=ICON_LENGTH, blank=True, validators=[validate_line])
    is_active = models.BooleanField(_("in use"), default=True)
    higher_is_better = models.BooleanField(_("higher is better"), default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="category_name_once_per_owner"),
            models.UniqueConstraint(fields=["id", "owner"], name="category_with_owner"),  # for SameParent
            models.CheckConstraint(condition=~Q(key=""), name="category_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the name it had before as an alias."""
        former = self.key
        super().save(*args, **kwargs)
        remember_alias(self.aliases, former, self.key, owner_id=self.owner_id)


class CategoryAlias(models.Model):
    """A folded name that a category had before: a file that still uses it means this category."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="category_aliases", db_index=False)
    key = models.CharField(max_length=3 * NAME_LENGTH)
    category = models.ForeignKey(Category, models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name = _("former name of a category")
        verbose_name_plural = _("former names of categories")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="category_alias_once_per_owner"),
            models.CheckConstraint(condition=~Q(key=""), name="category_alias_is_a_name"),
        ]

    def __str__(self) -> str:
        return self.key


class OptionQuerySet(models.QuerySet["Option"]):
    def times_used(self) -> dict[int, int]:
        """The number of entries of each, by its primary key."""
        return dict(self.order_by().values_list("pk", models.Count("entries")))


class Option(models.Model):
    """A step of a category's scale. One that an entry uses can't be deleted."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="options", db_index=False)
    label = models.CharField(_("label"), max_length=NAME_LENGTH, validators=[validate_line])
    key = FoldedField(source="label", max_length=3 * NAME_LENGTH)
    value = models.IntegerField(
        _("value"), validators=[MinValueValidator(-VALUE_LIMIT), MaxValueValidator(VALUE_LIMIT)]
    )
    color = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write #rrggbb."))],
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = OptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["order", "value"]
        constraints = [
            models.UniqueConstraint(fields=["category", "key"], name="option_label_once_per_category"),
            models.UniqueConstraint(fields=["category", "value"], name="option_value_once_per_category"),
            models.UniqueConstraint(fields=["id", "category"], name="option_with_category"),  # for SameParent
            models.CheckConstraint(condition=~Q(key=""), name="option_has_a_label"),
            models.CheckConstraint(
                condition=Q(value__gte=-VALUE_LIMIT, value__lte=VALUE_LIMIT),
                name="option_value_within_limits",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the label it had before as an alias."""
        former = self.key
        super().save(*args, **kwargs)
        remember_alias(self.aliases, former, self.key, category_id=self.category_id)


class OptionAlias(models.Model):
    """A folded label that a step had before: a file that still uses it means this step."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="option_aliases", db_index=False)
    key = models.CharField(max_length=3 * NAME_LENGTH)
    option = models.ForeignKey(Option, models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name = _("former label of a step")
        verbose_name_plural = _("former labels of steps")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["category", "key"], name="option_alias_once_per_category"),
            models.CheckConstraint(condition=~Q(key=""), name="option_alias_is_a_label"),
        ]

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One rating at one time."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="entries", db_index=False)
    category = models.ForeignKey(Category, models.RESTRICT, related_name="entries", db_index=False)
    option = models.ForeignKey(Option, models.RESTRICT, related_name="entries")
    recorded_at = models.DateTimeField(_("recorded at"), validators=[validate_diary_time])
    time_guessed = models.BooleanField(
        _("the time is a guess"), default=False, db_default=False, help_text=_("A usual hour, since nobody said when.")
    )
    notes = models.TextField(_("notes"), blank=True, max_length=NOTES_LENGTH, validators=[validate_notes])

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-recorded_at", "-pk"]
        indexes = [
            models.Index(fields=["owner", "-recorded_at", "-id"], name="entries_of_owner_newest"),
            models.Index(fields=["category", "-recorded_at", "-id"], name="entries_of_category_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_at__gte=EARLIEST, recorded_at__lt=LATEST), name="entry_within_a_life"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.option}"
