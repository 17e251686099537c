from django.urls import path

from apps.accounts import data_protection, views

app_name = "accounts"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("delete/", data_protection.delete, name="delete"),
]
