from allauth.mfa.totp.views import activate_totp
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from apps.accounts import allauth_views, password
from apps.accounts.data_protection import privacy
from apps.accounts.enrolment import first_factor_allowed
from apps.accounts.verification import ConfirmAddress
from foodmood.audit.views import security_events
from foodmood.csp_reports import csp_report
from foodmood.requests import short_next
from foodmood.well_known import change_password, favicon, security_txt

handler429 = "foodmood.limits.handler429"  # asked for by allauth

handler400 = "foodmood.uploads.bad_request"
handler500 = "foodmood.outage.handler500"

urlpatterns = [
    path("", include("apps.journal.urls")),
    path("meals/", include("apps.meals.urls")),
    path("edibles/", include("apps.edibles.urls")),
    path("wellbeing/", include("apps.wellbeing.urls")),
    path("insights/", include("apps.insights.urls")),
    path("data/", include("apps.portability.urls")),
    path("privacy/", privacy, name="privacy"),
    path("account/events/", security_events, name="security_events"),
    path("account/", include("apps.accounts.urls")),
    path("accounts/confirm-email/<str:key>/", ConfirmAddress.as_view(), name="account_confirm_email"),
    path("accounts/password/change/", password.change, name="account_change_password"),
    path("accounts/password/set/", password.choose, name="account_set_password"),
    path("accounts/2fa/totp/activate/", first_factor_allowed(activate_totp), name="mfa_activate_totp"),
    path("accounts/email/", allauth_views.email, name="account_email"),
    path("accounts/2fa/webauthn/add/", first_factor_allowed(allauth_views.add_passkey), name="mfa_add_webauthn"),
    path(
        "accounts/2fa/webauthn/login/",
        login_not_required(allauth_views.LogInWithPasskey.as_view()),
        name="mfa_login_webauthn",
    ),
    path("accounts/", include("allauth.urls")),
    path("language/", login_not_required(require_POST(short_next(set_language))), name="set_language"),
    path("csp-report/", csp_report, name="csp_report"),
    path("favicon.ico", favicon, name="favicon"),
    path(".well-known/change-password", change_password, name="change_password"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path(settings.ADMIN_PATH, admin.site.urls),
]
if settings.MAIL_WEBHOOK:
    urlpatterns.append(path("mail/webhooks/", include("foodmood.mail.urls")))
