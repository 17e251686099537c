from django.contrib.admin import apps


class AdminConfig(apps.AdminConfig):
    default_site = "foodmood.admin_site.AdminSite"
