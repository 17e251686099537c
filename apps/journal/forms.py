from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import BaseRenderer
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.wellbeing.models import NOTES_LENGTH, Category, Option
from apps.wellbeing.scales import Scale, Step, scales
from foodmood.fields import MomentField, NotesField
from foodmood.paging import nearest_page

PREFIX = "category-"
SCALES_OF_PART, STEPS_OF_PART = 25, 300  # of a check-in; the others are on its next part


_STEP = '<label><input type="radio" name="{}" value="{}"{}>{} {}</label>'
_DOT = '<svg class="dot" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="6" fill="{}" /></svg>'


class ScaleInput(forms.Widget):
    """Writes itself: there are twenty steps on a page, and a template would take longer for them than for the rest."""

    steps: Collection[Step] = ()

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = str(value)
        steps = (
            _STEP.format(
                name,
                step.pk,
                " checked" if str(step.pk) == chosen else "",
                _DOT.format(escape(step.color)) if step.color else "",
                escape(step.label),
            )
            for step in self.steps
        )
        # format_html would escape the name, the number and each dot again, which takes twice as long.
        return mark_safe("\n".join(steps))  # noqa: S308 -- what people wrote is escaped above


class ScaleField(forms.Field):
    """One step of a category's scale, or none."""

    widget = ScaleInput

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        super().__init__(label=scale.name, required=False)
        self.widget.steps = scale.steps

    def to_python(self, value: Any) -> Option | None:
        if value in self.empty_values:
            return None
        try:
            pk = int(value)
        except ValueError as error:
            raise ValidationError(
                _("Choose one of the steps of “%(category)s”."), params={"category": self.scale.name}
            ) from error
        step = next((step for step in self.scale.steps if step.pk == pk), None)
        if step is None:
            raise ValidationError(
                _("The step of “%(category)s” that you chose is gone meanwhile. Choose again."),
                params={"category": self.scale.name},
            )
        category = Category(pk=self.scale.pk, name=self.scale.name)
        return Option(pk=step.pk, category=category, label=step.label, color=step.color)


def parts(every: Iterable[Scale]) -> list[list[Scale]]:
    """The scales in the parts that are rated together: most people have one part."""
    found: list[list[Scale]] = [[]]
    steps = 0
    for scale in every:
        steps += len(scale.steps)
        if found[-1] and (steps > STEPS_OF_PART or len(found[-1]) == SCALES_OF_PART):
            found.append([])
            steps = len(scale.steps)
        found[-1].append(scale)
    return found


class CheckInForm(forms.Form):
    """Cleans into the arguments of actions.check_in."""

    recorded_at = MomentField(label=_("When"))
    notes = NotesField(label=_("Note"), max_length=NOTES_LENGTH, required=False)

    def __init__(self, *args: Any, owner: User, part: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        every = list(scales(owner))
        self.page = nearest_page(parts(every), part, per_page=1)
        shown = {scale.pk for of_part in self.page for scale in of_part}
        for scale in every:
            name = f"{PREFIX}{scale.pk}"
            if scale.pk in shown or name in self.data:
                self.fields[name] = ScaleField(scale)

    def scales(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def clean(self) -> dict[str, Any]:
        self._refuse_others()
        options = [self.cleaned_data.pop(name, None) for name in self.fields if name.startswith(PREFIX)]
        rated = [option for option in options if option]
        if not rated and not self.errors:
            raise ValidationError(_("Rate at least one of these; the others can stay empty."), "required")
        return self.cleaned_data | {"options": rated}

    def _refuse_others(self) -> None:
        """What went since the page was opened must not be dropped in silence. A stranger's is as good as gone."""
        others = [n for n in self.data if n.startswith(PREFIX) and n not in self.fields and self.data[n]]
        archived = {str(category.pk): category for category in self.owner.categories.archived()} if others else {}
        for name in others:
            category = archived.get(name.removeprefix(PREFIX))
            if category:
                message = _("“%(category)s” was archived meanwhile. Save without it, or bring it back first.")
                self.add_error(None, ValidationError(message, "archived", {"category": category.name}))
            else:
                message = _("A category that you rated is gone meanwhile. Look at the others again, then save.")
                self.add_error(None, ValidationError(message, "gone"))
