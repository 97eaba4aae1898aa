"""How pages find their style sheets and scripts."""

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Assets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Compressed files under names that change with their content.

    A file that was not collected goes by its plain name: a page without its style is better than
    no page, and tests need not collect.
    """

    manifest_strict = False

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the address of a file."""
        try:
            return str(super().url(name, force))
        except ValueError:
            return str(StaticFilesStorage.url(self, name))
