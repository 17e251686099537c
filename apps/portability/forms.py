from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.archive.problems import Refusal
from apps.portability.apart import TooMuchError, take_apart
from apps.portability.choices import Choices
from apps.portability.formats.questions import DATES, GROUP, MEALS, ZONE
from apps.portability.models import Format
from apps.portability.plan import MergeConflictError
from apps.portability.reading import MappingError, Moods, mood_value
from apps.portability.taking import Taken, take_file

MOOD = "mood:"  # before the name of each mood's select


class ImportForm(forms.Form):
    """A file and what it is. `take` does what it is sent for; then `taken` holds what came of it.

    The file is not kept between preview and import: health data rest in the diary or nowhere. htmx leaves
    the chosen file in the page; without JavaScript it is chosen again.
    """

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=Format.choices, widget=forms.RadioSelect)
    file = forms.FileField(label=gettext_lazy("File"))
    replace_changed = forms.BooleanField(
        label=gettext_lazy("Replace what I changed with what the file says"), required=False
    )
    restore_deleted = forms.BooleanField(label=gettext_lazy("Add back the rows that I deleted"), required=False)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        self.taken: Taken | None = None
        self.refusal: Refusal[Any] | None = None

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        most = settings.IMPORT_MAX_BYTES
        if file.size is None or file.size > most:
            raise forms.ValidationError(
                _("The file is larger than %(most)s. Export fewer years at once, and import one after the other.")
                % {"most": filesizeformat(most)}
            )
        return file

    def take(self, *, add: bool) -> None:
        """Says in the form's errors why not. Raises BusyError."""
        file = self.cleaned_data["file"]
        arguments: dict[str, Any] = {
            "kind": Format(self.cleaned_data["kind"]),
            "owner": self.owner,
            "mapping": self._mapping(),
            "answers": self._answers(),
            "add": add,
            "choices": Choices(self.cleaned_data["replace_changed"], self.cleaned_data["restore_deleted"]),
            "file_name": file.name or "",
        }
        try:
            if isinstance(file, TemporaryUploadedFile):  # too large to be held in memory
                self.taken = take_apart(path=file.temporary_file_path(), **arguments)
            else:
                self.taken = take_file(data=file.read(), **arguments)
        except Refusal as refusal:
            self.refusal = refusal
            self.add_error("file", _("This file can't be imported as it is. Nothing was taken from it."))
        except TooMuchError:
            self.add_error(
                "file",
                _(
                    "There is more in this file than can be read at once. Nothing was taken from it. Export fewer years"
                    " at once, and import one after the other."
                ),
            )
        except (MappingError, MergeConflictError) as error:
            self.add_error(None, str(error))

    def _mapping(self) -> dict[str, int]:
        """From the selects that the preview added; one that is left open is for read_file() to guess."""
        values = {
            name.removeprefix(MOOD): mood_value(str(text)) for name, text in self.data.items() if name.startswith(MOOD)
        }
        return {mood: value for mood, value in values.items() if value is not None}

    def _answers(self) -> dict[str, str]:
        """As _mapping(), of the file's other questions."""
        return {
            name: str(text)
            for name, text in self.data.items()
            if name in {DATES, MEALS, ZONE} or name.startswith(GROUP)
        }


def mood_selects(moods: Moods) -> list[dict[str, Any]]:
    """For the template: each mood with its select's name, how often it occurs, and the value chosen so far."""
    return [
        {"name": f"{MOOD}{mood}", "mood": mood, "count": count, "value": moods.mapping.get(mood)}
        for mood, count in moods.counts.items()
    ]
