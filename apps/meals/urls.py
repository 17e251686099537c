from django.urls import path

from apps.meals import views

app_name = "meals"
urlpatterns = [
    path("", views.list_, name="list"),
    path("<int:pk>/", views.meal, name="meal"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/again/", views.again, name="again"),
]
