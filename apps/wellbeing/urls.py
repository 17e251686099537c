from django.urls import path

from apps.wellbeing import views

app_name = "wellbeing"
urlpatterns = [
    path("", views.history, name="history"),
    # entries
    path("entries/<int:pk>/", views.entry, name="entry"),
    path("entries/<int:pk>/delete/", views.delete_entry, name="delete_entry"),
    # categories
    path("categories/", views.categories, name="categories"),
    path("categories/new/", views.new_category, name="new_category"),
    path("categories/starters/", views.add_starters, name="add_starters"),
    path("categories/<int:pk>/", views.category, name="category"),
    path("categories/<int:pk>/archive/", views.archive, name="archive"),
    path("categories/<int:pk>/restore/", views.restore, name="restore"),
    path("categories/<int:pk>/delete/", views.delete_category, name="delete_category"),
]
