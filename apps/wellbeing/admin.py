from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.wellbeing.models import Category, Entry, Option
from foodmood.admin import OwnedAdmin, OwnedForm
from foodmood.names import fold


class OptionFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg] # not generic at run time
    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.is_valid()]
        labels = [fold(row["label"]) for row in rows if row.get("label")]
        if len(labels) != len(set(labels)):
            raise ValidationError(_("Two options share a label."))


class OptionInline(admin.TabularInline):  # type: ignore[type-arg] # as above
    model = Option
    formset = OptionFormSet
    fields = ["label", "value", "color", "order"]
    extra = 1


@admin.register(Category)
class CategoryAdmin(OwnedAdmin):
    list_display = ["id", "owner", "is_active"]
    list_filter = ["is_active"]
    fields = ["owner", "name", "description", "icon", "is_active", "higher_is_better"]
    inlines = [OptionInline]


class EntryForm(OwnedForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        owner = self.cleaned_data.get("owner") or getattr(self.instance, "owner", None)
        category, option = self.cleaned_data.get("category"), self.cleaned_data.get("option")
        if category and owner and category.owner_id != owner.pk:
            self.add_error("category", _("This category belongs to somebody else."))
        if category and option and option.category_id != category.pk:
            self.add_error("option", _("This option belongs to another category."))
        return cleaned


@admin.register(Entry)
class EntryAdmin(OwnedAdmin):
    form = EntryForm
    list_display = ["id", "owner", "recorded_at"]
    date_hierarchy = "recorded_at"
    fields = ["owner", "category", "option", "recorded_at", "time_guessed", "notes"]
    raw_id_fields = ["owner", "category", "option"]
