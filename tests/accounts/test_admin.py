"""The admin of all four apps with rows of people."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Invitation, User
from apps.edibles.actions import set_ingredients
from apps.edibles.models import Edible
from apps.meals.models import Meal
from apps.wellbeing.models import Category, Entry
from tests.accounts.mails import last_link
from tests.factories import (
    PASSWORD,
    CategoryFactory,
    EdibleFactory,
    EntryFactory,
    MealFactory,
    OptionFactory,
    PortionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LISTS = ["accounts/user", "edibles/edible", "meals/meal", "wellbeing/category", "wellbeing/entry"]


@pytest.fixture
def admins(db: None) -> Client:
    """A browser in which an operator is signed in."""
    client = Client()
    client.force_login(UserFactory.create(email="operator@example.org", is_staff=True, is_superuser=True))
    return client


def inline(prefix: str, *rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {f"{prefix}-{place}-{key}": value for place, row in enumerate(rows) for key, value in row.items()}


@pytest.mark.parametrize("rows", LISTS)
def test_lists_show_no_diary_text_and_are_searched_by_address(admins: Client, alice: User, rows: str) -> None:
    edible = EdibleFactory.create(owner=alice, name="Secret stew", notes="Secret note")
    PortionFactory.create(
        meal=MealFactory.create(owner=alice, title="Secret feast", notes="Secret note"), edible=edible
    )
    EntryFactory.create(option__category__owner=alice, option__category__name="Secret ache", notes="Secret note")
    page = admins.get(f"/admin/{rows}/", {"q": "alice@"}).content.decode()
    assert "alice@example.org" in page
    assert "1 result" in page
    assert "Secret" not in page


@pytest.mark.parametrize("rows", LISTS)
def test_who_is_no_operator_is_kept_out(alices: Client, rows: str) -> None:
    assert alices.get(f"/admin/{rows}/").status_code == 302


@pytest.mark.parametrize("rows", LISTS)
def test_a_new_row_has_a_page(admins: Client, rows: str) -> None:
    assert admins.get(f"/admin/{rows}/add/").status_code == 200


def test_an_operator_adds_a_person_by_address(admins: Client) -> None:
    data = {"email": "Carol@Example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admins.post("/admin/accounts/user/add/", data).status_code == 302
    assert User.objects.get(email="carol@example.org").check_password(PASSWORD)


def test_a_person_of_that_address_is_refused_whatever_its_case(admins: Client, alice: User) -> None:
    data = {"email": "ALICE@example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admins.post("/admin/accounts/user/add/", data).status_code == 200
    assert User.objects.filter(email__iexact=alice.email).count() == 1


def test_a_person_can_be_changed(admins: Client, alice: User) -> None:
    url = f"/admin/accounts/user/{alice.pk}/change/"
    assert admins.get(url).status_code == 200
    data = {"email": "Alice@Example.com", "time_zone": "UTC", "language": "en", "is_active": "on"}
    assert admins.post(url, data).status_code == 302
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_a_person_whom_an_operator_added_verifies_the_address(admins: Client) -> None:
    data = {"email": "carol@example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    admins.post("/admin/accounts/user/add/", data)
    carols = Client()
    carols.post("/accounts/login/", {"login": "carol@example.org", "password": PASSWORD})
    assert carols.get("/").status_code == 302
    carols.post(last_link())
    carols.post("/account/consent/", {"consent": "on"})
    assert carols.get("/").status_code == 200


def test_a_changed_address_is_one_with_the_one_to_log_in_with(admins: Client, alice: User) -> None:
    data = {"email": "Alice@Example.com", "time_zone": "UTC", "language": "en", "is_active": "on"}
    admins.post(f"/admin/accounts/user/{alice.pk}/change/", data)
    assert [(a.email, a.primary, a.verified) for a in EmailAddress.objects.filter(user=alice)] == [
        ("alice@example.com", True, False)
    ]
    admins.post("/admin/accounts/user/", {"action": "mark_verified", "_selected_action": [alice.pk]})
    assert EmailAddress.objects.get(user=alice).verified


def test_another_change_leaves_the_address_verified(admins: Client, alice: User) -> None:
    data = {"email": alice.email, "time_zone": "UTC", "language": "en", "is_active": "on"}
    admins.post(f"/admin/accounts/user/{alice.pk}/change/", data)
    assert EmailAddress.objects.get(user=alice).verified


def test_an_address_that_another_account_has_beside_its_main_one_is_refused(admins: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email="second@example.org", verified=True)
    data = {"email": "second@example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert "Another account has this address" in admins.post("/admin/accounts/user/add/", data).content.decode()


def test_invitations_can_be_looked_at_and_deleted_only(admins: Client) -> None:
    invitation = Invitation.objects.create(email="carol@example.org", token_hash="x", expires_at=timezone.now())
    assert "carol@example.org" in admins.get("/admin/accounts/invitation/").content.decode()
    assert admins.get("/admin/accounts/invitation/add/").status_code == 403
    assert admins.post(f"/admin/accounts/invitation/{invitation.pk}/change/", {"email": "x@y.zz"}).status_code == 403
    admins.post(f"/admin/accounts/invitation/{invitation.pk}/delete/", {"post": "yes"})
    assert not Invitation.objects.exists()


def test_ingredients_take_their_owner_from_their_container(admins: Client, alice: User) -> None:
    milk = EdibleFactory.create(owner=alice)
    data = {"owner": alice.pk, "name": "Latte", "notes": ""} | inline("ingredient_links", {"edible": milk.pk})
    assert admins.post("/admin/edibles/edible/add/", data).status_code == 302
    assert alice.edibles.get(name="Latte").ingredient_links.get().owner == alice


def test_a_cycle_of_ingredients_is_refused(admins: Client, alice: User) -> None:
    latte, milk = EdibleFactory.create(owner=alice, name="Latte"), EdibleFactory.create(owner=alice, name="Milk")
    set_ingredients(edible=latte, ingredients=[milk])
    data = {"name": "Milk", "notes": ""} | inline("ingredient_links", {"edible": latte.pk})
    response = admins.post(f"/admin/edibles/edible/{milk.pk}/change/", data)
    assert response.status_code == 200
    assert "would contain itself" in response.content.decode()
    assert not milk.ingredients.exists()


@pytest.mark.parametrize("name", ["ÄPFEL", "ﷺ" * 200, "\u3000"])
def test_a_name_that_the_database_refuses_is_an_error_of_the_form(admins: Client, alice: User, name: str) -> None:
    EdibleFactory.create(owner=alice, name="äpfel")
    data = {"owner": alice.pk, "name": name, "notes": ""} | inline("ingredient_links")
    assert admins.post("/admin/edibles/edible/add/", data).status_code == 200
    assert alice.edibles.count() == 1


def test_a_strangers_edible_is_no_ingredient_and_no_portion(admins: Client, alice: User, bob: User) -> None:
    theirs = EdibleFactory.create(owner=bob)
    data = {"owner": alice.pk, "name": "Latte", "notes": ""} | inline("ingredient_links", {"edible": theirs.pk})
    assert admins.post("/admin/edibles/edible/add/", data).status_code == 200
    assert not Edible.objects.filter(owner=alice).exists()
    data = meal_of(alice) | inline("portions", {"edible": theirs.pk})
    assert admins.post("/admin/meals/meal/add/", data).status_code == 200
    assert not Meal.objects.exists()


def meal_of(owner: User, **changes: Any) -> dict[str, Any]:
    return {"owner": owner.pk, "category": "LUNCH", "eaten_at_0": "2026-03-01", "eaten_at_1": "12:00"} | changes


def test_a_meal_is_written_with_its_portions(admins: Client, alice: User) -> None:
    milk = EdibleFactory.create(owner=alice)
    data = meal_of(alice) | inline("portions", {"edible": milk.pk, "amount": "0.5", "unit": "l"})
    assert admins.post("/admin/meals/meal/add/", data).status_code == 302
    assert alice.meals.get().portions.get().owner == alice


@pytest.mark.parametrize("bad", [{"eaten_at_0": "9999-12-31"}, {"category": "BRUNCH"}, {"portions-0-amount": "-1"}])
def test_a_bad_meal_is_an_error_of_the_form(admins: Client, alice: User, bad: dict[str, Any]) -> None:
    milk = EdibleFactory.create(owner=alice)
    data = meal_of(alice) | inline("portions", {"edible": milk.pk, "amount": "1"}) | bad
    assert admins.post("/admin/meals/meal/add/", data).status_code == 200
    assert not Meal.objects.exists()


def test_the_owner_of_a_row_does_not_change(admins: Client, alice: User, bob: User) -> None:
    edible = EdibleFactory.create(owner=alice, name="Milk")
    data = {"owner": bob.pk, "name": "Milk", "notes": ""} | inline("ingredient_links")
    assert admins.post(f"/admin/edibles/edible/{edible.pk}/change/", data).status_code == 302
    edible.refresh_from_db()
    assert edible.owner == alice


def test_two_options_of_one_label_or_value_are_an_error_of_the_form(admins: Client, alice: User) -> None:
    for other in ({"label": "NO", "value": 1}, {"label": "Yes", "value": 0}):
        rows = inline("options", {"label": "No", "value": 0, "order": 0}, other | {"order": 1})
        data = {"owner": alice.pk, "name": "Pain", "higher_is_better": "on"} | rows
        assert admins.post("/admin/wellbeing/category/add/", data).status_code == 200
    assert not Category.objects.exists()


def test_a_used_option_is_not_deleted(admins: Client) -> None:
    entry = EntryFactory.create(option__label="No", option__value=0)
    row = {"id": entry.option_id, "category": entry.category_id, "label": "No", "value": 0, "order": 0, "DELETE": "on"}
    data = {"name": entry.category.name, "is_active": "on"} | inline("options", row, initial=1)
    assert admins.post(f"/admin/wellbeing/category/{entry.category_id}/change/", data).status_code == 200
    assert Entry.objects.exists()


def test_an_entry_keeps_to_its_owners_category_and_its_categorys_option(admins: Client, alice: User, bob: User) -> None:
    mood, theirs = OptionFactory.create(category__owner=alice), OptionFactory.create(category__owner=bob)
    moment = {"owner": alice.pk, "recorded_at_0": "2026-03-01", "recorded_at_1": "12:00", "notes": ""}
    url = "/admin/wellbeing/entry/add/"
    for category, option in ((theirs.category, theirs), (mood.category, theirs), (theirs.category, mood)):
        data = moment | {"category": category.pk, "option": option.pk}
        assert admins.post(url, data).status_code == 200
    assert not Entry.objects.exists()
    assert admins.post(url, moment | {"category": mood.category.pk, "option": mood.pk}).status_code == 302


def test_what_no_form_foresaw_is_refused_by_the_database_without_a_fault(admins: Client, alice: User) -> None:
    """Two existing options swap their values: right in the end, and twice the same on the way."""
    category = CategoryFactory.create(owner=alice)
    one, two = OptionFactory.create(category=category, value=1), OptionFactory.create(category=category, value=2)
    rows = [
        {"id": option.pk, "category": category.pk, "label": option.label, "value": value, "order": 0}
        for option, value in ((one, 2), (two, 1))
    ]
    data = {"name": category.name, "is_active": "on"} | inline("options", *rows, initial=2)
    assert admins.post(f"/admin/wellbeing/category/{category.pk}/change/", data).status_code in {200, 302}
    one.refresh_from_db()
    assert one.value == 1


def test_the_log_holds_no_diary_text(admins: Client, alice: User) -> None:
    milk = EdibleFactory.create(owner=alice, name="Secret milk")
    data = {"owner": alice.pk, "name": "Secret stew", "notes": ""} | inline("ingredient_links", {"edible": milk.pk})
    admins.post("/admin/edibles/edible/add/", data)
    stew = alice.edibles.get(name="Secret stew")
    admins.post(f"/admin/edibles/edible/{stew.pk}/change/", data | {"name": "Secret soup"} | inline("ingredient_links"))
    admins.post(f"/admin/edibles/edible/{stew.pk}/delete/", {"post": "yes"})
    log = list(LogEntry.objects.order_by("pk").values_list("action_flag", "object_repr", "change_message"))
    assert log == [(1, str(stew.pk), ""), (2, str(stew.pk), ""), (3, str(stew.pk), "")]


def test_an_edible_in_use_is_not_deleted(admins: Client, alice: User) -> None:
    portion = PortionFactory.create(meal__owner=alice)
    admins.post(f"/admin/edibles/edible/{portion.edible_id}/delete/", {"post": "yes"})
    assert Edible.objects.exists()


@pytest.fixture
def helpers(db: None) -> Client:
    """A browser of staff who may change people and groups, and are no superusers."""
    helper = UserFactory.create(email="helper@example.org", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "delete_user", "change_group"]))
    client = Client()
    client.force_login(helper)
    return client


def test_staff_help_people_without_giving_them_rights(helpers: Client, alice: User) -> None:
    data = {"email": alice.email, "time_zone": "Asia/Tokyo", "language": "en", "is_active": "on"}
    rights = {
        "is_staff": "on",
        "is_superuser": "on",
        "user_permissions": Permission.objects.values_list("pk", flat=True),
    }
    assert helpers.post(f"/admin/accounts/user/{alice.pk}/change/", data | rights).status_code == 302
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"
    assert (alice.is_staff, alice.is_superuser, alice.user_permissions.exists()) == (False, False, False)


@pytest.mark.parametrize("page", ["change", "password", "delete"])
def test_staff_do_not_touch_staff(helpers: Client, page: str) -> None:
    root = UserFactory.create(email="root@example.org", is_staff=True, is_superuser=True)
    helper = User.objects.get(email="helper@example.org")
    new = {"password1": "rye-bread-at-dawn", "password2": "rye-bread-at-dawn", "usable_password": "true", "post": "yes"}
    for person in (root, helper):
        answer = helpers.post(f"/admin/accounts/user/{person.pk}/{page}/", new | {"is_superuser": "on"})
        assert answer.status_code == 403
        person.refresh_from_db()
        assert person.check_password(PASSWORD)
    assert not User.objects.get(email="helper@example.org").is_superuser


def test_staff_do_not_delete_staff_from_the_list(helpers: Client) -> None:
    root = UserFactory.create(email="root@example.org", is_staff=True, is_superuser=True)
    chosen = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    helpers.post("/admin/accounts/user/", chosen)
    assert User.objects.filter(pk=root.pk).exists()


def test_people_who_are_deleted_from_the_list_leave_nothing(admins: Client, alice: User, bob: User) -> None:
    PortionFactory.create(meal__owner=alice)
    EntryFactory.create(option__category__owner=alice)
    data = {"action": "delete_selected", "_selected_action": [alice.pk, bob.pk], "post": "yes"}
    assert admins.post("/admin/accounts/user/", data).status_code == 302
    assert list(User.objects.values_list("email", flat=True)) == ["operator@example.org"]
    assert [rows.objects.count() for rows in (Meal, Entry, Edible)] == [0, 0, 0]


def test_staff_do_not_write_groups(helpers: Client) -> None:
    group = Group.objects.create(name="Helpers")
    rights = {"name": "Helpers", "permissions": Permission.objects.values_list("pk", flat=True)}
    assert helpers.post(f"/admin/auth/group/{group.pk}/change/", rights).status_code == 403
    assert not group.permissions.exists()
