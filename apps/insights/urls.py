from django.urls import path

from apps.insights import views

app_name = "insights"
urlpatterns = [
    path("", views.index, name="index"),
    path("how/", views.how, name="how"),
    path("<int:pk>/", views.detail, name="detail"),
]
