"""Django's view of this room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The room as a Django application."""

    name = "tandem.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
