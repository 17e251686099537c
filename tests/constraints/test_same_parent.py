"""foodmood.constraints.SameParent as a migration: it goes away and comes back with its table."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from apps.accounts.models import User
from apps.edibles.models import Edible, Ingredient
from foodmood.constraints import SameParent
from tests.constraints.refusal import refused_by_the_database
from tests.factories import EdibleFactory

pytestmark = pytest.mark.django_db(transaction=True)

APPS = ["wellbeing", "meals", "edibles"]  # none stands on one before it


@pytest.fixture
def _migrated_again(db: None) -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0, interactive=False)


@pytest.mark.usefixtures("_migrated_again")
def test_each_app_migrates_to_zero_and_back(alice: User, bob: User) -> None:
    for app in APPS:
        call_command("migrate", app, "zero", verbosity=0, interactive=False)
    assert not set(connection.introspection.table_names()) & {"edibles_ingredient", "meals_portion", "wellbeing_entry"}
    call_command("migrate", verbosity=0, interactive=False)
    latte, milk = EdibleFactory.create(owner=alice), EdibleFactory.create(owner=bob)
    with refused_by_the_database():
        Ingredient.objects.create(owner=alice, container=latte, edible=milk)


def test_it_can_be_lifted_alone_and_laid_again(alice: User, bob: User) -> None:
    rule = SameParent(
        "ingredient_edible_of_owner",
        table="edibles_ingredient",
        column="edible_id",
        shared="owner_id",
        parent="edibles_edible",
    )
    latte, milk = EdibleFactory.create(owner=alice), EdibleFactory.create(owner=bob)
    with connection.schema_editor() as editor:
        rule.database_backwards("edibles", editor, None, None)
    Ingredient.objects.create(owner=alice, container=latte, edible=milk).delete()
    with connection.schema_editor() as editor:
        rule.database_forwards("edibles", editor, None, None)
    with refused_by_the_database():
        Ingredient.objects.create(owner=alice, container=latte, edible=Edible.objects.get(pk=milk.pk))
