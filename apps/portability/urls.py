from django.urls import path

from apps.portability import views

app_name = "portability"
urlpatterns = [
    path("", views.index, name="index"),
    path("export/", views.export, name="export"),
    path("export/tables/", views.export_tables, name="export_tables"),
    path("imports/<int:pk>/undo/", views.undo, name="undo"),
    path("import/", views.import_file, name="import"),
]
