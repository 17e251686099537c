from django.contrib import admin

from apps.meals.models import Meal, Portion
from foodmood.admin import OwnedAdmin, SharedOwnerFormSet


class PortionFormSet(SharedOwnerFormSet):
    names = "edible"


class PortionInline(admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    model = Portion
    formset = PortionFormSet
    fields = ["edible", "amount", "unit"]
    raw_id_fields = ["edible"]
    extra = 1


@admin.register(Meal)
class MealAdmin(OwnedAdmin):
    list_display = ["id", "owner", "category", "eaten_at"]
    list_filter = ["category"]
    date_hierarchy = "eaten_at"
    fields = ["owner", "category", "eaten_at", "time_guessed", "title", "notes"]
    inlines = [PortionInline]
