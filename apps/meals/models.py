from datetime import time
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.edibles.expansion import with_containers
from apps.edibles.models import EATEN, NOTES_LENGTH, Edible
from foodmood.days import EARLIEST, LATEST, validate_diary_time
from foodmood.names import SearchKeyField, contains_word, search_words
from foodmood.text import validate_line, validate_notes

TITLE_LENGTH = 200
UNIT_LENGTH = 80
AMOUNT_DIGITS, AMOUNT_DECIMALS = 10, 3
SHOWN = 12  # foods of a meal, in lists
SEARCH_LENGTH = 1000  # characters of the title and the notes that a search looks in
GUESSED_WITHIN = {"BREAKFAST": 3, "LUNCH": 3, "DINNER": 3}  # hours either side of a guessed time
OTHERS_GUESSED_WITHIN = 6  # snacks and drinks have no usual hour
USUAL_HOURS = {"BREAKFAST": (4, 11), "LUNCH": (11, 15), "DINNER": (17, 22)}  # half-open, on the local clock


def guessed_within(category: str, *, time_guessed: bool) -> int:
    """The hours by which a meal may have been earlier or later than its time says; 0 where the time is known."""
    return GUESSED_WITHIN.get(category, OTHERS_GUESSED_WITHIN) if time_guessed else 0


class MealQuerySet(models.QuerySet["Meal"]):
    def with_edible(self, edible: Edible) -> Self:
        """Those in which it was eaten, as it is or as an ingredient at any depth of what was eaten."""
        containers = with_containers(Edible.objects.filter(pk=edible.pk), owner=edible.owner_id)
        eaten = Portion.objects.order_by().filter(EATEN, owner=edible.owner_id, edible__in=containers)
        return self.filter(pk__in=eaten.values("meal"))

    def matching(self, query: str, *, owner: User) -> Self:
        """Those that contain each word of the query: in the title, in the notes, or in a food that was eaten, by its
        name or by what is inside it. All of that owner's.
        """
        words = search_words(query)
        return self.filter(*(_mentions(word, owner) for word in words)) if words else self.none()

    def with_portions(self) -> Self:
        return self.prefetch_related(models.Prefetch("portions", portions_with_edibles(), to_attr="eaten"))


def _mentions(word: str, owner: User) -> Q:
    # Asked meal by meal, PostgreSQL would look through everybody's foods and portions.
    containers = with_containers(owner.edibles.with_words(word), owner=owner.pk)
    eaten = Portion.objects.order_by().filter(owner=owner, edible__in=containers)
    return contains_word(word, "title", "notes") | Q(pk__in=eaten.values("meal"))


def portions_with_edibles() -> "models.QuerySet[Portion]":
    return Portion.objects.select_related("edible").order_by("pk")


class Meal(models.Model):
    """What was eaten at one time. A blank title shows the edibles instead; without any it goes by its category."""

    class Category(models.TextChoices):
        BREAKFAST = "BREAKFAST", _("Breakfast")
        LUNCH = "LUNCH", _("Lunch")
        DINNER = "DINNER", _("Dinner")
        SNACK = "SNACK", _("Snack")
        DRINK = "DRINK", _("Drink")

        @classmethod
        def likely_at(cls, clock: time) -> "Meal.Category":
            """A guess that saves a tap; whoever eats knows better."""
            for category, (start, end) in USUAL_HOURS.items():
                if start <= clock.hour < end:
                    return cls(category)
            return cls.SNACK

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="meals", db_index=False)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True, validators=[validate_line])
    category = models.CharField(_("category"), max_length=9, choices=Category.choices)
    eaten_at = models.DateTimeField(_("eaten at"), validators=[validate_diary_time])
    time_guessed = models.BooleanField(
        _("the time is a guess"), default=False, db_default=False, help_text=_("A usual hour, since nobody said when.")
    )
    notes = models.TextField(_("notes"), blank=True, max_length=NOTES_LENGTH, validators=[validate_notes])
    search_key = SearchKeyField(sources=["title", "notes"], max_length=SEARCH_LENGTH)

    objects = MealQuerySet.as_manager()

    class Meta:
        verbose_name = _("meal")
        verbose_name_plural = _("meals")
        ordering = ["-eaten_at", "-pk"]
        indexes = [models.Index(fields=["owner", "-eaten_at", "-id"], name="meals_of_owner_newest")]
        constraints = [
            models.UniqueConstraint(fields=["id", "owner"], name="meal_with_owner"),  # for SameParent
            models.CheckConstraint(
                condition=Q(category__in=["BREAKFAST", "LUNCH", "DINNER", "SNACK", "DRINK"]),
                name="meal_category_known",
            ),
            models.CheckConstraint(condition=Q(eaten_at__gte=EARLIEST, eaten_at__lt=LATEST), name="meal_within_a_life"),
        ]

    def __str__(self) -> str:
        names = ", ".join(portion.edible.name for portion in self.shown)
        return self.title or (f"{names}…" if self.more else names) or self.get_category_display()

    def get_category_display(self) -> str:  # type: ignore[no-redef] # django-stubs brings Django's
        """As Django has it, which looks through the choices anew each time."""
        return str(self.Category(self.category).label)

    @cached_property
    def shown(self) -> "list[Portion]":
        """Those that a list shows: the page of the meal shows all."""
        return self.eaten[:SHOWN]

    @cached_property
    def more(self) -> int:
        """How many a list does not show."""
        return len(self.eaten) - len(self.shown)

    @cached_property
    def eaten(self) -> "list[Portion]":
        """Its portions with their edibles, in order. Of many meals with_portions() reads them at once."""
        return list(portions_with_edibles().filter(meal=self))


class Portion(models.Model):
    """One edible in one meal, with an optional amount in the person's own unit. An amount of 0 was not eaten."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    meal = models.ForeignKey(Meal, models.CASCADE, related_name="portions")
    edible = models.ForeignKey(Edible, models.RESTRICT, related_name="portions")
    amount = models.DecimalField(
        _("amount"),
        max_digits=AMOUNT_DIGITS,
        decimal_places=AMOUNT_DECIMALS,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    unit = models.CharField(_("unit"), max_length=UNIT_LENGTH, blank=True, validators=[validate_line])

    class Meta:
        verbose_name = _("portion")
        verbose_name_plural = _("portions")
        ordering = ["pk"]
        # Counting the meals of some foods, SQLite would else read all portions of the owner for each food.
        indexes = [models.Index(fields=["owner", "edible"], name="portions_of_owner_by_food")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="portion_amount_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return str(self.edible)

    @property
    def size(self) -> str:
        """Its amount and unit as people write them: 1.5 cups, never 1.500."""
        amount = "" if self.amount is None else number_format(Decimal(f"{self.amount.normalize():f}"))
        return f"{amount} {self.unit}".strip()
