from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from apps.accounts.quotas import QuotaError
from apps.edibles.actions import IngredientCycleError, NameTakenError, duplicate_edible, name_taken, save_edible
from apps.edibles.models import NAME_LENGTH, NOTES_LENGTH, Edible
from foodmood.fields import NameField, NotesField
from foodmood.names import fold
from foodmood.text import shortened

LINES = 4  # to add ingredients on; the form gives more when asked
SUGGESTIONS = 300  # names a browser offers while one types


class LinesInput(forms.TextInput):
    """Several inputs of one name, one below the other."""

    template_name = "edibles/lines.html"
    use_fieldset = True
    empty_lines = LINES

    def format_value(self, value: Any) -> list[str]:
        return [line for line in value or () if line.strip()] + [""] * self.empty_lines

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return ""  # a legend stands for them all


class TicksInput(forms.CheckboxSelectMultiple):
    """Check boxes that send along which of them were shown: one that another tab added since counts as ticked."""

    template_name = "edibles/ticks.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["shown"] = ",".join(str(value) for value, _label in self.choices)
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        shown = set(data.get(f"{name}-shown", "").split(","))
        unseen = [str(value) for value, _label in self.choices if str(value) not in shown]
        return [*super().value_from_datadict(data, files, name), *unseen]


class NamesField(forms.Field):
    """Names of edibles, one a line; empty lines are passed over."""

    widget = LinesInput

    def clean(self, value: Any) -> list[str]:
        name_field = NameField(max_length=NAME_LENGTH, required=False)
        names: dict[str, str] = {}
        problems = []
        for number, line in enumerate(value or (), start=1):
            try:
                name = name_field.clean(line)
            except ValidationError as error:
                problems.append(self._problem(number, line, error))
            else:
                names.setdefault(fold(name), name)
        if problems:
            raise ValidationError(problems)
        names.pop("", None)
        return list(names.values())

    def _problem(self, number: int, line: str, error: ValidationError) -> str:
        """Which of them it is: by its name, or by its place if that can't be read."""
        if error.error_list[0].code == "invisible":
            return _("Ingredient %(number)d: %(problem)s") % {"number": number, "problem": error.messages[0]}
        return _("“%(name)s”: %(problem)s") % {"name": shortened(line, 40), "problem": error.messages[0]}


class EdibleForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """An edible with its ingredients: those it has, to keep or untick, and new ones by name."""

    name = NameField(label=_("Name"), max_length=NAME_LENGTH)
    notes = NotesField(label=_("Notes"), max_length=NOTES_LENGTH, required=False)
    ingredients = forms.MultipleChoiceField(
        label=_("Ingredients"),
        widget=TicksInput,
        required=False,
        error_messages={"invalid_choice": _("One of these was taken out in the meantime. Look again, then save.")},
    )
    added = NamesField(
        label=_("Add ingredients"),
        help_text=_("One a line. A name that you don’t have yet becomes an edible of its own."),
        required=False,
    )

    class Meta:
        model = Edible
        fields = ["name", "notes"]

    def __init__(self, data: Any = None, *, instance: Edible, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        # Judged against what is at hand: no number from outside reaches the database.
        self.present = {str(edible.pk): edible for edible in instance.ingredients.all()} if instance.pk else {}
        choices = [(pk, edible.name) for pk, edible in self.present.items()]
        self.fields["ingredients"].choices = choices  # type: ignore[attr-defined] # a choice field
        self.initial.setdefault("ingredients", list(self.present))

    def with_more_lines(self) -> "EdibleForm":
        """What was typed so far, not yet judged, and twice the empty lines."""
        form = EdibleForm(instance=self.instance, initial={field.name: field.value() for field in self})
        form.fields["added"].widget.empty_lines = 2 * LINES
        return form

    def suggestions(self) -> Sequence[str]:
        """The names that this diary eats most, for the browser to offer."""
        edibles = self.instance.owner.edibles.exclude(pk=self.instance.pk).only("owner", "name", "search_key")
        return [edible.name for edible in edibles.most_eaten()[:SUGGESTIONS]]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.instance.owner.edibles.named(name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(name_taken(name))
        return name

    def write(self) -> bool:
        """Saves it all, or says in the form's errors why not."""
        fields = self.cleaned_data
        unticked = [edible for pk, edible in self.present.items() if pk not in fields["ingredients"]]
        try:
            save_edible(edible=self.instance, added=fields["added"], removed=unticked)
        except IngredientCycleError as error:
            self.add_error("ingredients", str(error))
        except QuotaError as error:
            self.add_error(None, str(error))
        except (NameTakenError, IntegrityError):  # somebody was faster by a moment, in another tab
            self.add_error("name", name_taken(fields["name"]))
        return not self.errors


class DuplicateForm(forms.Form):
    """The name under which a changed recipe goes on."""

    name = NameField(label=_("Name of the new one"), max_length=NAME_LENGTH)

    def __init__(self, data: Any = None, *, edible: Edible) -> None:
        self.edible = edible
        super().__init__(data, initial={"name": free_name(edible)}, auto_id="id_duplicate_%s")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.edible.owner.edibles.named(name).exists():
            raise ValidationError(name_taken(name))
        return name

    def write(self) -> Edible | None:
        try:
            return duplicate_edible(edible=self.edible, name=self.cleaned_data["name"])
        except QuotaError as error:
            self.add_error(None, str(error))
            return None
        except (NameTakenError, IntegrityError):
            self.add_error("name", name_taken(self.cleaned_data["name"]))
            return None


def free_name(edible: Edible) -> str:
    """Such as “Latte 2”: the first that the owner does not have yet."""
    taken = set(edible.owner.edibles.filter(key__startswith=edible.key).values_list("key", flat=True))
    number = 2
    while fold(f"{edible.name} {number}") in taken:
        number += 1
    return f"{edible.name} {number}"
