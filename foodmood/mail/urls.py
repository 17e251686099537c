"""Included only where there is a provider that reports, and a secret: see config/urls.py."""

from django.urls import path

from foodmood.mail import webhooks

app_name = "mail"
urlpatterns = [
    path("", webhooks.report, name="report"),
]
