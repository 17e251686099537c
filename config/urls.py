from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# One way in, with one set of limits: the admin has no log-in page of its own.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign] # as allauth documents it

handler400 = "foodmood.uploads.bad_request"

urlpatterns = [
    path("", include("apps.journal.urls")),
    path("meals/", include("apps.meals.urls")),
    path("edibles/", include("apps.edibles.urls")),
    path("wellbeing/", include("apps.wellbeing.urls")),
    path("insights/", include("apps.insights.urls")),
    path("data/", include("apps.portability.urls")),
    path("account/", include("apps.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
