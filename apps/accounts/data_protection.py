"""The pages on what is kept about people, and the way out."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.actions import delete_account
from apps.accounts.consent import TEXT
from apps.accounts.models import User
from apps.accounts.requests import PersonRequest
from foodmood.addresses import address_key
from foodmood.mail import mail_is_sent
from foodmood.requests import posted


class DeleteForm(forms.Form):
    """Nobody deletes years of diary by a slip of the thumb."""

    email = forms.CharField(
        label=gettext_lazy("To delete it all, type your e-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if address_key(email) != self.user.email:
            raise ValidationError(_("This is not the address of your account. Nothing was deleted."))
        return email


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator] # allauth is published without types
def delete(request: PersonRequest) -> HttpResponse:
    form = DeleteForm(posted(request), user=request.user)
    if form.is_valid():
        delete_account(request.user)
        logout(request)
        messages.success(request, _("Your account is deleted, and your diary with it."))
        return redirect("account_login")
    context = {
        "form": form,
        "backup_days": settings.RETENTION["backups"].days,
        "event_days": settings.RETENTION["security_events"].days,
        "mail_is_sent": mail_is_sent(),
        "last_operator": request.user.is_superuser and not _other_operators(request.user),
    }
    return render(request, "accounts/delete.html", context, status=422 if form.is_bound else 200)


def _other_operators(user: User) -> bool:
    return User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    days = {what: kept.days for what, kept in settings.RETENTION.items()}
    days["sessions"] = settings.SESSION_COOKIE_AGE // (24 * 60 * 60)
    days["sessions_at_most"] = settings.SESSION_MAX_AGE // (24 * 60 * 60)
    return render(request, "accounts/privacy.html", {"days": days, "consent": TEXT})
