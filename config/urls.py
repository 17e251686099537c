from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from foodmood.audit.views import security_events
from foodmood.csp_reports import csp_report

urlpatterns = [
    path("", include("apps.journal.urls")),
    path("meals/", include("apps.meals.urls")),
    path("edibles/", include("apps.edibles.urls")),
    path("wellbeing/", include("apps.wellbeing.urls")),
    path("insights/", include("apps.insights.urls")),
    path("data/", include("apps.portability.urls")),
    path("account/events/", security_events, name="security_events"),
    path("account/", include("apps.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("csp-report/", csp_report, name="csp_report"),
    path(settings.ADMIN_PATH, admin.site.urls),
]
