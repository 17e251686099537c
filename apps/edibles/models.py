from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from foodmood.names import FoldedField, SearchKeyField, contains_word, fold, remember_alias, search_words
from foodmood.text import validate_line, validate_notes

NAME_LENGTH = 200
NOTES_LENGTH = 10_000

# A portion with an amount of 0 was not eaten; one without an amount was.
EATEN = Q(amount__isnull=True) | Q(amount__gt=0)
EATEN_PORTIONS = Q(portions__amount__isnull=True) | Q(portions__amount__gt=0)


def has_words(words: Iterable[str]) -> Q:
    """A condition: the edible's name contains each of them, in any order, whatever its case and accents."""
    return Q(*(contains_word(word, "key") for word in words))


class EdibleQuerySet(models.QuerySet["Edible"]):
    def with_words(self, query: str) -> Self:
        words = search_words(query)
        return self.filter(has_words(words)) if words else self.none()

    def in_order(self) -> Self:
        """As the language sorts names: accents do not count, and the same on every database."""
        return self.order_by("search_key", "pk")

    def with_times_eaten(self) -> Self:
        """Each with `times_eaten`, the number of meals that it was in. Counting forgets the model's own order.

        That portions are of the same owner is so anyway. Said, it spares PostgreSQL from counting everybody's.
        """
        own = FilteredRelation("portions", condition=Q(portions__owner=F("owner")))
        eaten = Q(own_portions__amount__isnull=True) | Q(own_portions__amount__gt=0)
        return self.annotate(own_portions=own, times_eaten=Count("own_portions__meal", filter=eaten, distinct=True))

    def most_eaten(self) -> Self:
        return self.with_times_eaten().order_by(F("times_eaten").desc(), "search_key", "pk")

    def times_eaten(self) -> int:
        """The number of meals that any of these was in."""
        return self.aggregate(times=Count("portions__meal", filter=EATEN_PORTIONS, distinct=True))["times"] or 0

    def named(self, name: str) -> Self:
        return self.filter(key=fold(name))


class Edible(models.Model):
    """Anything eaten or drunk, simple or composed of other edibles to any depth."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="edibles", db_index=False)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, validators=[validate_line])
    key = FoldedField(source="name", max_length=3 * NAME_LENGTH)
    search_key = SearchKeyField(sources=["name"], max_length=3 * NAME_LENGTH)
    notes = models.TextField(_("notes"), blank=True, max_length=NOTES_LENGTH, validators=[validate_notes])
    ingredients = models.ManyToManyField(
        "self",
        through="Ingredient",
        through_fields=("container", "edible"),
        symmetrical=False,
        related_name="used_in",
        verbose_name=_("ingredients"),
    )

    objects = EdibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("edible")
        verbose_name_plural = _("edibles")
        ordering = ["search_key", "pk"]
        indexes = [models.Index(fields=["owner", "search_key", "id"], name="edibles_of_owner_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="edible_name_once_per_owner"),
            models.UniqueConstraint(fields=["id", "owner"], name="edible_with_owner"),  # for SameParent
            models.CheckConstraint(condition=~Q(key=""), name="edible_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the name it had before as an alias."""
        former = self.key
        super().save(*args, **kwargs)
        remember_alias(self.aliases, former, self.key, owner_id=self.owner_id)


class Alias(models.Model):
    """A folded name that an edible had before: a file that still uses it means this edible.

    An edible that has the name now comes first.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="edible_aliases", db_index=False)
    key = models.CharField(max_length=3 * NAME_LENGTH)
    edible = models.ForeignKey(Edible, models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="edible_alias_once_per_owner"),
            models.CheckConstraint(condition=~Q(key=""), name="edible_alias_is_a_name"),
        ]

    def __str__(self) -> str:
        return self.key


class Ingredient(models.Model):
    """One edible contained in another of the same owner. See actions.set_ingredients for what keeps cycles out."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    container = models.ForeignKey(Edible, models.CASCADE, related_name="ingredient_links", db_index=False)
    edible = models.ForeignKey(Edible, models.CASCADE, related_name="container_links")

    class Meta:
        verbose_name = _("ingredient")
        verbose_name_plural = _("ingredients")
        ordering = ["edible__search_key", "edible_id"]
        constraints = [
            models.UniqueConstraint(fields=["container", "edible"], name="ingredient_once"),
            models.CheckConstraint(condition=~Q(container=F("edible")), name="ingredient_not_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.container} ∋ {self.edible}"
