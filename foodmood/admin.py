"""The floor of the admin pages of rows that belong to somebody."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from foodmood.audit.models import Event, record
from foodmood.audit.signals import diary_seen
from foodmood.names import LONGEST, FoldedField, fold


class OwnedForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """Judges what the database would: one name per owner, whatever its case."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for key in type(self.instance)._meta.get_fields():  # noqa: SLF001 -- Django's documented API
            if isinstance(key, FoldedField) and key.source in self.cleaned_data:
                self._refuse_twin(key, fold(self.cleaned_data[key.source]))
        return cleaned

    def _refuse_twin(self, key: FoldedField, folded: str) -> None:
        owner = self.cleaned_data.get("owner") or getattr(self.instance, "owner_id", None)
        if not folded or len(folded) > (key.max_length or 0):
            self.add_error(key.source, _("Choose another name; this one is too long or can’t be seen."))
        elif self._others().filter(owner=owner, key=folded).exists():
            self.add_error(key.source, _("This person has one of that name already."))

    def _others(self) -> "QuerySet[Model]":
        model: Any = type(self.instance)
        others: QuerySet[Model] = model.objects.exclude(pk=self.instance.pk)
        return others


class LoggedByNumber(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """The log outlives the row and its owner, so it names rows by number: no address, nothing that a diary says."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return _log(request, obj, ADDITION)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return _log(request, obj, CHANGE)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> list[LogEntry]:
        return [_log(request, obj, DELETION) for obj in queryset]


class PermissionFirst(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Django's history page looks for the row before it looks at who asks: staff without a permission would learn
    which rows exist.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        """SQLite raises an error for a long pattern."""
        return super().get_search_results(request, queryset, search_term[:LONGEST])

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ForSuperusers(PermissionFirst):
    """To look at. Rows are written by what they tell of, never here."""

    actions: Any = None
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    has_module_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission


class OwnedAdmin(PermissionFirst, LoggedByNumber):
    """Found by the owner's e-mail; the owner never changes, because everything around the row shares it.

    Lists show no diary text: an operator looks for a row, not into a life.
    """

    form = OwnedForm
    actions = None  # their check boxes would be labelled with the rows' text
    search_fields = ["owner__email"]
    list_select_related = ["owner"]
    raw_id_fields = ["owner"]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["owner"] if obj else [])]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        row = super().get_object(request, object_id, from_field)
        if row is not None and self.has_view_or_change_permission(request, row):
            _tell_owner(request, row, Event.DIARY_OPENED)
        return row

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        _tell_owner(request, obj, Event.DIARY_CHANGED)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        _tell_owner(request, obj, Event.DIARY_CHANGED)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> list[LogEntry]:
        for row in queryset:
            _tell_owner(request, row, Event.DIARY_CHANGED)
        return super().log_deletions(request, queryset)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a form could not foresee, the database refuses: then nothing is written, and the page says so."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, _("The database refused this: it breaks a rule of the diary. Nothing was saved."))
            return HttpResponseRedirect(request.get_full_path())


def _tell_owner(request: HttpRequest, row: Model, event: Event) -> None:
    """Write into the owner's own events that an operator opened or changed a row of theirs."""
    owner: int = row.owner_id  # type: ignore[attr-defined] # of every row here
    if owner != request.user.pk:
        record(event, request=request, person=owner, detail=f"{row._meta.label_lower} {row.pk}")  # noqa: SLF001 -- Django's documented API
        diary_seen.send(type(row), owner=owner, request=request)


def _log(request: HttpRequest, row: Model, action: int) -> LogEntry:
    return LogEntry.objects.create(
        user_id=cast("int", request.user.pk),  # an operator is signed in
        content_type=get_content_type_for_model(row),
        object_id=row.pk,
        object_repr=str(row.pk),
        action_flag=action,
    )


class SharedOwnerFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg] # not generic at run time
    """Rows of a parent take its owner; what they name must be that owner's too. `names` is the relation's field."""

    names: str

    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.owner = self.instance.owner
        return super().save_new(form, commit=commit)

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            named = form.cleaned_data.get(self.names) if form.is_valid() else None
            if named is not None and named.owner_id != self.instance.owner_id:
                raise ValidationError(_("“%(row)s” belongs to somebody else."), params={"row": named.pk})
