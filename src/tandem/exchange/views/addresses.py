"""Where things of other rooms have their page."""

from tandem.core.references import Reference
from tandem.kit.spoken import language


def page_address(reference: Reference) -> str:
    """Return where something that is referred to has its page, in the reader's language; empty where nobody said."""
    path = reference.path
    is_whole = path.startswith(("http://", "https://", "/"))
    return path if is_whole or not path else f"/{language()}/{path}"
