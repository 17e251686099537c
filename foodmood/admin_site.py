"""The door of the administration, and who went through it."""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
DECORATORS = [never_cache, login_not_required, secure_admin_login]
OURS = {"apps", "foodmood"}


class AdminSite(admin.AdminSite):
    """For staff who have shown a second factor in this session, where ADMIN_REQUIRES_MFA says so.

    It has no log-in and no password page of its own: one way in, with one set of limits. Whoever opens a row or
    sends a form here is in the audit trail.
    """

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[Any] | None = None,
        **options: Any,
    ) -> None:
        """Takes pages that we wrote, and no others.

        Libraries register theirs unasked: with them an operator would see the secrets of second factors, or have a
        function of their choice run by the worker.
        """
        if admin_class is not None and admin_class.__module__.partition(".")[0] in OURS:
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and (not settings.ADMIN_REQUIRES_MFA or _showed_second_factor(request))

    @method_decorator(DECORATORS)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Where admin_view sends whom it does not let in. Strangers went on to the site's log-in already."""
        if self.has_permission(request):
            return redirect("admin:index")
        ways = [way for way in get_adapter().get_reauthentication_methods(request.user) if way["id"].startswith("mfa")]
        if not ways:
            messages.warning(
                request,
                _(
                    "The administration asks for a second factor, and you have none. Ask whoever runs the server for a"
                    " link to set one up: “manage.py admin_enrol_link” prints it."
                ),
            )
            return redirect("mfa_index")
        return redirect(f"{ways[0]['url']}?{urlencode({'next': request.GET.get('next') or reverse('admin:index')})}")

    def password_change(  # type: ignore[override] # Django's type names the one answer that it gives itself
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            _record(request)
            return view(request, *args, **kwargs)

        return super().admin_view(cast("View", update_wrapper(watched, view)), cacheable)


def _showed_second_factor(request: HttpRequest) -> bool:
    """One that is still theirs."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 -- Django makes its site before there are models

    records = get_authentication_records(request, request.user)
    shown = [record["id"] for record in records if record["method"] == "mfa"]
    return bool(shown) and Authenticator.objects.filter(user_id=request.user.pk, pk__in=shown).exists()


def _record(request: HttpRequest) -> None:
    """The row by its number: what it says stays in the diary."""
    from foodmood.audit.models import Event, record  # noqa: PLC0415 -- Django makes its site before there are models

    match = request.resolver_match
    row = match.kwargs.get("object_id", match.kwargs.get("id", "")) if match else ""
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        event = Event.ADMIN_SENT
    elif row:
        event = Event.ADMIN_OPENED
    else:
        return
    record(event, request=request, person=None, detail=f"{match.url_name if match else ''} {row}".strip())
