from django.urls import path

from apps.edibles import views

app_name = "edibles"
urlpatterns = [
    path("", views.list_, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.edible, name="edible"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/duplicate/", views.duplicate, name="duplicate"),
    path("<int:pk>/delete/", views.delete, name="delete"),
]
