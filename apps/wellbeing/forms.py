from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.quotas import QuotaError
from apps.wellbeing.actions import (
    CategoryNameTakenError,
    OptionGoneError,
    OptionInUseError,
    Step,
    option_in_use,
    save_category,
    save_entry,
)
from apps.wellbeing.models import (
    DESCRIPTION_LENGTH,
    ICON_LENGTH,
    NAME_LENGTH,
    NOTES_LENGTH,
    ORDER_LIMIT,
    VALUE_LIMIT,
    Category,
    Entry,
    Option,
)
from apps.wellbeing.starter import COLORS
from foodmood.fields import MomentField, NameField, NotesField, settled
from foodmood.names import fold

SPARE_ROWS = 50  # that a request may have beyond the steps a scale can have
FEWEST_STEPS = 2  # one step alone says nothing
EMPTY_ROWS = 3

T = TypeVar("T")

# Readable as a dot on light and dark paper; the label carries the meaning.
PALETTE = [
    ("", _("No colour")),
    *zip(COLORS, (_("Brick"), _("Amber"), _("Straw"), _("Moss"), _("Green")), strict=True),
    ("#4f86ad", _("Blue")),
    ("#8173b0", _("Violet")),
    ("#b0628c", _("Plum")),
    ("#8a8175", _("Grey")),
]


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    name = NameField(label=_("Name"), max_length=NAME_LENGTH)
    description = NotesField(
        label=_("Description"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        help_text=_("What exactly do you rate, and when?"),
    )
    icon = NameField(
        label=_("Icon"),
        max_length=ICON_LENGTH,
        required=False,
        help_text=_("One emoji, if you like."),
        widget=forms.TextInput(attrs={"size": 4, "class": "short"}),
    )
    higher_is_better = forms.TypedChoiceField(
        label=_("Which end is better?"),
        choices=[("True", _("Higher values are better")), ("False", _("Lower values are better"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Category
        fields = ["name", "description", "icon", "higher_is_better"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.instance.owner.categories.filter(key=fold(name)).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("You already have a category called “%(name)s”."), params={"name": name})
        return name


def _whole_number(lowest: int, highest: int, **kwargs: Any) -> forms.IntegerField:
    """Both ends included. Names the range, whatever is wrong."""
    message = format_lazy(_("Choose a whole number from {lowest} to {highest}."), lowest=lowest, highest=highest)
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), message)
    return forms.IntegerField(min_value=lowest, max_value=highest, error_messages=messages, **kwargs)


class OptionForm(forms.Form):
    """One step of a scale. A row that is left empty is passed over."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    label = NameField(label=_("Label"), max_length=NAME_LENGTH)
    value = _whole_number(-VALUE_LIMIT, VALUE_LIMIT, label=_("Value"))
    color = forms.CharField(
        label=_("Colour"),
        required=False,
        max_length=7,
        validators=Option._meta.get_field("color").validators,  # noqa: SLF001 -- Django's documented API
        widget=forms.Select(choices=PALETTE),
    )
    order = _whole_number(0, ORDER_LIMIT, label=_("Order"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times_used = self.initial.get("times_used", 0)
        color = self.initial.get("color", "")
        if color not in dict(PALETTE):
            self.fields["color"].widget.choices = [*PALETTE, (color, color)]

    def step(self, *, position: int) -> Step:
        fields = self.cleaned_data
        order = position if fields["order"] is None else fields["order"]
        return Step(fields["pk"], fields["label"], fields["value"], fields["color"], order)


class BaseOptionFormSet(forms.BaseFormSet):  # type: ignore[type-arg] # not generic at run time
    """The whole scale: labels and values are unique among what it will be, not among what it was."""

    default_error_messages = {
        "missing_management_form": _("The steps did not arrive. Reload the page and try again."),
        "too_many_forms": _("A scale holds up to %(num)d steps."),
    }

    def __init__(self, data: Any = None, *, category: Category) -> None:
        options = category.options.all() if category.pk else Option.objects.none()
        self.options = {option.pk: option for option in options}
        self.times_used = options.times_used()
        initial = [
            {
                "pk": option.pk,
                "label": option.label,
                "value": option.value,
                "color": option.color,
                "order": option.order,
                "times_used": self.times_used[option.pk],
            }
            for option in self.options.values()
        ]
        super().__init__(data, prefix="options", initial=initial)
        # Empty rows are not steps, so they are not counted; beyond the last number are rows that no page sends.
        self.max_num = max(settings.DIARY_QUOTAS["steps_of_category"], len(self.options))
        self.absolute_max = self.max_num + SPARE_ROWS

    def total_form_count(self) -> int:
        """Empty rows even below a scale that is full, for a step to exchange."""
        return super().total_form_count() if self.is_bound else len(self.options) + EMPTY_ROWS

    def clean(self) -> None:
        if any(self.errors):
            return
        if any(step.pk and step.pk not in self.options for step in self.steps()):
            raise ValidationError(_("A step was deleted in the meantime. Reload the page and try again."))
        for pk in self.removed():
            if self.times_used.get(pk):
                raise ValidationError(option_in_use(self.options[pk].label))
        self._judge_the_whole()

    def steps(self) -> list[Step]:
        deleted = set(self.deleted_forms)
        rows = [form for form in self.forms if form not in deleted and form.cleaned_data.get("label")]
        return [form.step(position=position) for position, form in enumerate(rows, start=1)]

    def removed(self) -> list[int]:
        return [pk for form in self.deleted_forms if (pk := form.cleaned_data.get("pk")) in self.options]

    def _judge_the_whole(self) -> None:
        steps = self.steps()
        mentioned = {step.pk for step in steps} | set(self.removed())
        others = [option for pk, option in self.options.items() if pk not in mentioned]
        count = len(steps) + len(others)
        if count < FEWEST_STEPS:
            raise ValidationError(_("A scale needs two steps or more."))
        if count > self.max_num:
            message = _("A scale holds up to %(most)d steps; these are %(count)d.")
            raise ValidationError(message, params={"most": self.max_num, "count": count})
        labels = [option.label for option in others] + [step.label for step in steps]
        values = [option.value for option in others] + [step.value for step in steps]
        if (label := _first_repeated(labels, key=fold)) is not None:
            raise ValidationError(_("Two steps are called “%(label)s”."), params={"label": label})
        if (value := _first_repeated(values, key=int)) is not None:
            raise ValidationError(_("Two steps have the value %(value)s."), params={"value": value})


def _first_repeated(values: Iterable[T], *, key: Callable[[T], Hashable]) -> T | None:
    seen = set()
    for value in values:
        if (found := key(value)) in seen:
            return value
        seen.add(found)
    return None


OptionFormSet: Any = forms.formset_factory(  # typed as any formset, without its category
    OptionForm,
    formset=BaseOptionFormSet,
    can_delete=True,
)


def write_category(form: CategoryForm, options: Any) -> bool:
    """Saves both, or says in their errors why not."""
    if not (form.is_valid() & options.is_valid()):  # both, so that all errors show at once
        return False
    try:
        save_category(category=form.instance, steps=options.steps(), removed=options.removed())
    except (OptionInUseError, QuotaError) as error:
        form.add_error(None, str(error))
    except (CategoryNameTakenError, OptionGoneError, IntegrityError):  # somebody was faster by a moment, in another tab
        form.add_error(None, _("This changed in the meantime. Look at it again, then save."))
    return form.is_valid()


class ScaleInput(forms.RadioSelect):
    """The steps of a category in a row, each with its colour."""

    template_name = "wellbeing/scale.html"


class EntryForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    option = forms.ModelChoiceField(
        queryset=Option.objects.none(), label=_("How was it?"), widget=ScaleInput, empty_label=None
    )
    recorded_at = MomentField(label=_("When"))
    notes = NotesField(label=_("Notes"), max_length=NOTES_LENGTH, required=False)

    class Meta:
        model = Entry
        fields = ["option", "recorded_at", "time_guessed", "notes"]
        labels = {"time_guessed": _("The time is a guess")}
        help_texts = {"time_guessed": _("Clear this if the time is right. Setting another time clears it too.")}

    def __init__(self, data: Any = None, *, instance: Entry) -> None:
        super().__init__(data, instance=instance)
        if not instance.time_guessed:
            del self.fields["time_guessed"]
        self.fields["option"].queryset = instance.category.options.all()  # type: ignore[attr-defined] # its field is known
        self.recorded_before = instance.recorded_at
        self.fields["recorded_at"].stored = instance.recorded_at  # type: ignore[attr-defined] # as above

    def clean_recorded_at(self) -> datetime:
        return settled(self.cleaned_data["recorded_at"], self.recorded_before)

    def clean_time_guessed(self) -> bool:
        unchanged = self.cleaned_data.get("recorded_at") == self.recorded_before
        return unchanged and self.cleaned_data["time_guessed"]

    def write(self) -> bool:
        try:
            save_entry(entry=self.instance)
        except OptionGoneError as error:
            self.add_error("option", str(error))
        except QuotaError as error:
            self.add_error("recorded_at", str(error))
        return not self.errors
