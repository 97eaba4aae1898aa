"""Django's view of this room."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The room as a Django application."""

    name = "tandem.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"
