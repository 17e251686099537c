from django.contrib import admin
from django.core.exceptions import ValidationError

from apps.accounts.diary import lock_diary
from apps.edibles.actions import IngredientCycleError, refuse_cycles
from apps.edibles.models import Edible, Ingredient
from foodmood.admin import OwnedAdmin, SharedOwnerFormSet


class IngredientFormSet(SharedOwnerFormSet):
    names = "edible"

    def clean(self) -> None:
        """Under the lock that the admin's transaction then holds until it has written."""
        super().clean()
        if self.instance.pk is None or any(self.errors):
            return
        lock_diary(self.instance.owner)
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        try:
            refuse_cycles(self.instance, [row["edible"] for row in rows if row.get("edible")])
        except IngredientCycleError as error:
            raise ValidationError(str(error)) from error


class IngredientInline(admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    model = Ingredient
    formset = IngredientFormSet
    fk_name = "container"
    fields = ["edible"]
    raw_id_fields = ["edible"]
    extra = 1


@admin.register(Edible)
class EdibleAdmin(OwnedAdmin):
    list_display = ["id", "owner"]
    fields = ["owner", "name", "notes"]
    inlines = [IngredientInline]
