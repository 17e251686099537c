from typing import Any

from allauth.mfa.models import Authenticator
from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.actions import delete_account
from apps.accounts.addresses import is_somebody_elses, set_address
from apps.accounts.guesses import unlock
from apps.accounts.models import Invitation, User
from apps.accounts.operators import note, remove_factors, tell, tell_unlocked
from foodmood.addresses import normal_address
from foodmood.admin import ForSuperusers, LoggedByNumber, PermissionFirst
from foodmood.audit.models import Event


class NormalEmail(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    def clean_email(self) -> str:
        email = normal_address(self.cleaned_data["email"])
        if is_somebody_elses(email, self.instance):
            raise ValidationError(_("Another account has this address."))
        return email


class PersonForm(NormalEmail, UserChangeForm):  # type: ignore[type-arg] # as above
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class NewPersonForm(NormalEmail, AdminUserCreationForm):  # type: ignore[type-arg] # as above
    class Meta:
        model = User
        fields = ["email"]


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    return _is_superuser(request) or person is None or not (person.is_staff or person.is_superuser)


@admin.register(User)
class UserAdmin(PermissionFirst, LoggedByNumber, DjangoUserAdmin):  # type: ignore[type-arg] # as above
    """Django's, with the e-mail address in the place of a user name. Further addresses are their owner's business.

    Rights are given by superusers, and accounts of staff are theirs: whoever may change people could otherwise make
    themselves anything, or set a superuser's password.
    """

    RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]

    form = PersonForm
    add_form = NewPersonForm
    ordering = ["email"]
    search_fields = ["email"]
    list_display = ["email", "date_joined", "last_login", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    readonly_fields = ["date_joined", "last_login"]
    actions = ["mark_verified", "let_them_try_again"]
    fieldsets = [
        (None, {"fields": ["email", "password", "time_zone", "language"]}),
        (_("Permissions"), {"fields": ["is_active", *RIGHTS]}),
        (_("Important dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *([] if _is_superuser(request) else self.RIGHTS)]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:  # type: ignore[type-arg] # as above
        """A new address is asked for its proof at the next log-in."""
        super().save_model(request, obj, form, change)
        set_address(user=obj, verified=False)

    @admin.action(description=_("Mark the e-mail address as verified"), permissions=["change"])
    def mark_verified(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            set_address(user=user, verified=True)
            note(Event.EMAIL_CONFIRMED, user)
            tell(user, _("An operator marked the address of your FoodMood account as verified."))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """How many rows go, and not what they say: Django's page lists the whole diary."""
        _rows, counts, missing, protected = super().get_deleted_objects(objs, request)
        return [str(person) for person in objs], counts, missing, protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        delete_account(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            delete_account(user)

    @admin.action(description=_("Unlock: forget wrong passwords"), permissions=["change"])
    def let_them_try_again(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            unlock(person.email)
            tell_unlocked(person)
        count = len(people)
        messages.success(request, ngettext("%(n)d account unlocked.", "%(n)d accounts unlocked.", count) % {"n": count})


@admin.register(Group)
class GroupAdmin(PermissionFirst, DjangoGroupAdmin):
    """A group is rights, so superusers alone write it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return _is_superuser(request)


@admin.register(AccessAttempt)
class WrongPasswordsAdmin(PermissionFirst, AccessAttemptAdmin):  # type: ignore[misc] # axes is published without types
    """To look at. What was posted stays out of sight; unlocking is an action on people."""

    actions = None
    fieldsets = [(None, {"fields": ["username", "ip_address", "failures_since_start", "attempt_time", "user_agent"]})]

    def has_change_permission(self, request: HttpRequest, obj: AccessAttempt | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AccessAttempt | None = None) -> bool:
        return False


@admin.register(Authenticator)
class AuthenticatorAdmin(LoggedByNumber, ForSuperusers):
    """For whoever lost phone and codes: deleted here, never shown."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    fields = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        remove_factors(obj.user, obj)


@admin.register(Invitation)
class InvitationAdmin(PermissionFirst):
    """To look and to delete; invitations are sent from the account pages, because their links are never kept."""

    list_display = ["email", "invited_by", "created_at", "expires_at", "accepted_by"]
    list_select_related = ["invited_by", "accepted_by"]
    search_fields = ["email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
