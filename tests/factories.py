"""Rows for tests. Every one belongs to somebody: what is made for another row shares its owner."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from factory import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.accounts.addresses import set_address
from apps.accounts.consent import VERSION
from apps.accounts.models import User
from apps.edibles.models import Edible, Ingredient
from apps.meals.models import Meal, Portion
from apps.wellbeing.models import Category, Entry, Option

PASSWORD = "oat-milk-at-noon"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = Sequence(lambda n: f"person{n}@example.org")
    time_zone = "Europe/Berlin"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        agreed: dict[str, Any] = {"consented_at": timezone.now(), "consent_version": VERSION}
        user = User.objects.create_user(password=kwargs.pop("password", PASSWORD), **(agreed | kwargs))
        set_address(user=user, verified=True)
        return user


class EdibleFactory(DjangoModelFactory[Edible]):
    class Meta:
        model = Edible

    owner = SubFactory(UserFactory)
    name = Sequence(lambda n: f"Edible {n}")


class IngredientFactory(DjangoModelFactory[Ingredient]):
    class Meta:
        model = Ingredient

    container = SubFactory(EdibleFactory)
    owner = SelfAttribute("container.owner")
    edible = SubFactory(EdibleFactory, owner=SelfAttribute("..owner"))


class MealFactory(DjangoModelFactory[Meal]):
    class Meta:
        model = Meal

    owner = SubFactory(UserFactory)
    category = Meal.Category.LUNCH
    eaten_at = NOON


class PortionFactory(DjangoModelFactory[Portion]):
    class Meta:
        model = Portion

    meal = SubFactory(MealFactory)
    owner = SelfAttribute("meal.owner")
    edible = SubFactory(EdibleFactory, owner=SelfAttribute("..owner"))


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    owner = SubFactory(UserFactory)
    name = Sequence(lambda n: f"Category {n}")


class OptionFactory(DjangoModelFactory[Option]):
    class Meta:
        model = Option

    category = SubFactory(CategoryFactory)
    value = Sequence(lambda n: n % 1000)
    label = LazyAttribute(lambda option: f"Step {option.value}")
    order = LazyAttribute(lambda option: option.value)


class EntryFactory(DjangoModelFactory[Entry]):
    class Meta:
        model = Entry

    option = SubFactory(OptionFactory)
    category = SelfAttribute("option.category")
    owner = SelfAttribute("category.owner")
    recorded_at = NOON
