"""The reader's language, and sentences of errors and findings in it."""

from django.utils.translation import get_language, gettext

from tandem.core.text import Sentence


def language() -> str:
    """Return the code of the reader's language, which is the page's."""
    return get_language() or "en"


def spoken(text: str) -> str:
    """Return a text in the reader's language, if it is a sentence made by ``say``; others as they are."""
    if not isinstance(text, Sentence):
        return text
    values = {
        name: spoken(value) if isinstance(value, Sentence) else value for name, value in text.values.items()
    }
    return gettext(text.template).format(**values)
