"""Django's view of the composition root."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The portal as a whole."""

    name = "tandem.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the rooms, now that all of them are there."""
        from tandem.site import wiring

        wiring.wire()
