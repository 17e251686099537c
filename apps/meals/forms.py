import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.accounts.quotas import QuotaError
from apps.edibles.models import NAME_LENGTH, NOTES_LENGTH
from apps.meals.actions import NewPortion, save_meal
from apps.meals.amounts import FRACTION, fraction_in, rounded
from apps.meals.models import AMOUNT_DECIMALS, AMOUNT_DIGITS, TITLE_LENGTH, UNIT_LENGTH, USUAL_HOURS, Meal, Portion
from foodmood.fields import MomentField, NameField, NotesField, settled
from foodmood.text import shortened
from foodmood.widgets import Select

_WITH_DECIMALS = re.compile(r"\s*(\d+)([.,])(\d+)\s*")
_EDIBLE = NameField(max_length=NAME_LENGTH)
_UNIT = NameField(max_length=UNIT_LENGTH, required=False)
_AMOUNT = forms.DecimalField(max_digits=AMOUNT_DIGITS, decimal_places=AMOUNT_DECIMALS, min_value=0, required=False)


class AmbiguousAmountError(ValidationError):
    """A number that is a thousand times as much in another language."""


def clean_amount(typed: str) -> Decimal | None:
    """A number as typed, or None for nothing. Raises ValidationError for what is no amount.

    The decimal sign may be a point or a comma. “1,500” in English and “1.500” in German may be a thousand too,
    so they are refused. Fractions are read: 1/2, ½, 1 1/2.
    """
    if found := _WITH_DECIMALS.fullmatch(typed):
        whole, sign, decimals = found.groups()
        if sign != _decimal_sign() and whole != "0" and len(decimals) == AMOUNT_DECIMALS:
            raise AmbiguousAmountError(
                _("“%(typed)s” could mean %(thousand)s or %(fraction)s. Write it one of these ways."),
                "ambiguous",
                {
                    "typed": typed.strip(),
                    "thousand": f"{whole}{decimals}",
                    "fraction": f"{whole}{_decimal_sign()}{decimals.rstrip('0') or '0'}",
                },
            )
        typed = f"{whole}.{decimals}"
    elif (found := FRACTION.fullmatch(" ".join(typed.split()))) and (fraction := fraction_in(found)) is not None:
        typed = f"{rounded(fraction):f}"
    amount = _AMOUNT.clean(typed)
    return None if amount is None else abs(amount)  # “-0” is zero


def _decimal_sign() -> str:
    sign: str = get_format("DECIMAL_SEPARATOR")
    return sign


@dataclass(frozen=True)
class PortionRow:
    """One portion as it is typed: three texts that may be anything."""

    edible: str = ""
    amount: str = ""
    unit: str = ""

    @classmethod
    def of(cls, portion: Portion) -> "PortionRow":
        amount = "" if portion.amount is None else f"{portion.amount.normalize():f}"
        return cls(portion.edible.name, amount.replace(".", _decimal_sign()), portion.unit)

    @property
    def is_blank(self) -> bool:
        return not any(text.strip() for text in (self.edible, self.amount, self.unit))

    @cached_property
    def problems(self) -> Mapping[str, str]:
        """What to mend, by the input that it stands in."""
        problems = {}
        if not self.edible.strip():
            problems["edible"] = _("Name what the amount “%(amount)s” is of, or empty it.") % {
                "amount": _short(f"{self.amount} {self.unit}".strip())
            }
        else:
            problems |= _problem("edible", _EDIBLE, self.edible, _("Edible “%(name)s”: %(problem)s"), self.edible)
        problems |= _problem("unit", _UNIT, self.unit, _("Unit of “%(name)s”: %(problem)s"), self.edible)
        try:
            clean_amount(self.amount)
        except ValidationError as error:
            problem = _(
                "write a number from 0 to 9999999 with at most 3 decimals, such as 1.5 or 1/2, or leave it empty."
            )
            if isinstance(error, AmbiguousAmountError):
                problem = error.messages[0]
            problems["amount"] = _("Amount of “%(name)s”: %(problem)s") % {
                "name": _short(self.edible),
                "problem": problem,
            }
        return problems

    def portion(self) -> NewPortion:
        """Only of a row without problems."""
        return NewPortion(_EDIBLE.clean(self.edible), clean_amount(self.amount), _UNIT.clean(self.unit))


def _problem(key: str, field: NameField, typed: str, sentence: str, name: str) -> dict[str, str]:
    try:
        field.clean(typed)
    except ValidationError as error:
        return {key: sentence % {"name": _short(name), "problem": error.messages[0]}}
    return {}


def _short(text: str) -> str:
    return shortened(text, 40)


class PortionsInput(forms.Widget):
    """Rows of inputs; a script makes them a type-ahead with chips."""

    template_name = "meals/portions.html"
    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[PortionRow]:
        if not isinstance(data, MultiValueDict):
            return []
        columns = (data.getlist(column) for column in ("edible", "amount", "unit"))
        rows = (PortionRow(*texts) for texts in zip_longest(*columns, fillvalue=""))
        return [row for row in rows if not row.is_blank]

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows: list[PortionRow] = value or []
        context = super().get_context(name, None, attrs)
        # All of them, for what is not shown would be lost when it is saved. No request holds more than a few hundred.
        return context | {"rows": rows, "spare": range(3)}


class PortionsField(forms.Field):
    widget = PortionsInput

    def clean(self, value: list[PortionRow]) -> list[NewPortion]:
        if not value:
            raise ValidationError(_("Name at least one thing that you ate or drank."), "required")
        problems = [problem for row in value for problem in row.problems.values()]
        if problems:
            raise ValidationError(problems)
        return [row.portion() for row in value]


class MealForm(forms.Form):
    """Cleans into the arguments of actions.save_meal."""

    portions = PortionsField(label=gettext_lazy("What did you eat or drink?"), required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=Meal.Category.choices,
        error_messages={
            "required": gettext_lazy("Choose a category."),
            "invalid_choice": gettext_lazy("Choose one of the categories in the list."),
        },
        # The script follows the clock with the guess until somebody chooses.
        widget=Select(attrs={"data-usual-hours": json.dumps(USUAL_HOURS)}),
    )
    eaten_at = MomentField(label=gettext_lazy("When"))
    time_guessed = forms.BooleanField(
        label=gettext_lazy("The time is a guess"),
        required=False,
        help_text=gettext_lazy("Clear this if the time is right. Setting another time clears it too."),
    )
    title = NameField(label=gettext_lazy("Title"), max_length=TITLE_LENGTH, required=False)
    notes = NotesField(label=gettext_lazy("Notes"), max_length=NOTES_LENGTH, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "portions" in self.initial:  # a meal that is changed
            self.fields["eaten_at"].stored = self.initial["eaten_at"]  # type: ignore[attr-defined] # its field is known
        if not self.initial.get("time_guessed"):
            del self.fields["time_guessed"]

    def clean_eaten_at(self) -> datetime:
        return settled(self.cleaned_data["eaten_at"], self.initial.get("eaten_at"))

    def clean_time_guessed(self) -> bool:
        unchanged: bool = self.cleaned_data.get("eaten_at") == self.initial["eaten_at"]
        return unchanged and self.cleaned_data["time_guessed"]

    def write(self, *, owner: User, meal: Meal | None = None) -> Meal | None:
        """Saves the meal, or says in the form's errors why not."""
        try:
            return save_meal(owner=owner, meal=meal, **self.cleaned_data)
        except QuotaError as error:
            self.add_error(None if error.quota != "portions_of_meal" else "portions", str(error))
            return None


def initial_of(meal: Meal) -> dict[str, Any]:
    """What the form shows of a meal."""
    fields = {name: getattr(meal, name) for name in ("title", "category", "eaten_at", "time_guessed", "notes")}
    return fields | {"portions": [PortionRow.of(portion) for portion in meal.eaten]}


def new_meal_at(moment: datetime) -> dict[str, Any]:
    """What the form shows before anything is typed; the moment is on the local clock."""
    return {"eaten_at": moment, "category": Meal.Category.likely_at(moment.timetz())}
