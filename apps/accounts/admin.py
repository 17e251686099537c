from allauth.account.admin import EmailAddressAdmin as AllauthEmailAddressAdmin
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from foodmood.admin import PermissionFirst

admin.site.unregister(EmailAddress)


class LowerCaseEmail(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.strip().lower()


class PersonForm(LowerCaseEmail, UserChangeForm):  # type: ignore[type-arg] # as above
    pass


class NewPersonForm(LowerCaseEmail, AdminUserCreationForm):  # type: ignore[type-arg] # as above
    class Meta:
        model = User
        fields = ["email"]


@admin.register(User)
class UserAdmin(PermissionFirst, DjangoUserAdmin):  # type: ignore[type-arg] # as above
    """Django's, with the e-mail address in the place of a user name."""

    form = PersonForm
    add_form = NewPersonForm
    ordering = ["email"]
    search_fields = ["email"]
    list_display = ["email", "date_joined", "last_login", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    readonly_fields = ["date_joined", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "password", "time_zone", "language"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Important dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})]


@admin.register(EmailAddress)
class EmailAddressAdmin(PermissionFirst, AllauthEmailAddressAdmin):  # type: ignore[misc] # allauth is published without types
    pass
