import pytest

from apps.accounts.models import User
from apps.wellbeing.actions import Step, save_category
from apps.wellbeing.models import CategoryAlias, OptionAlias
from tests.constraints.refusal import refused_by_the_database
from tests.factories import CategoryFactory, OptionFactory

pytestmark = pytest.mark.django_db


def test_renaming_keeps_the_former_names(alice: User) -> None:
    option = OptionFactory.create(category__owner=alice, category__name="Mood", label="Low", value=1)
    category = alice.categories.get()
    category.name = "Stimmung"
    save_category(category=category, steps=[Step(option.pk, "Schlecht", 1, "", 1)])
    assert CategoryAlias.objects.get(key="mood").category == category
    assert OptionAlias.objects.get(key="low").option == option


def test_swapped_labels_lead_to_the_other_step(alice: User) -> None:
    category = CategoryFactory.create(owner=alice)
    low, high = (OptionFactory.create(category=category, label=label, value=n) for n, label in enumerate(("A", "B")))
    save_category(category=category, steps=[Step(low.pk, "B", 0, "", 0), Step(high.pk, "A", 1, "", 1)])
    assert {alias.key: alias.option for alias in OptionAlias.objects.all()} == {"a": low, "b": high}


def test_alias_of_somebody_elses_category_is_refused(alice: User, bob: User) -> None:
    category = CategoryFactory.create(owner=bob)
    with refused_by_the_database():
        CategoryAlias.objects.create(owner=alice, key="mine", category=category)


def test_alias_of_another_scales_step_is_refused(alice: User) -> None:
    category, option = CategoryFactory.create(owner=alice), OptionFactory.create(category__owner=alice)
    with refused_by_the_database():
        OptionAlias.objects.create(category=category, key="mine", option=option)
