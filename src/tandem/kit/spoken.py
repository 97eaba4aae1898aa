"""The reader's language, and sentences of errors and findings in it."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, override

from tandem.core.text import Sentence


def language() -> str:
    """Return the code of the reader's language, which is the page's."""
    return get_language() or "en"


def in_language(code: str, text: str | Promise) -> str:
    """Return a text of ours in a language other than the reader's."""
    with override(code):
        return str(text)


def spoken(text: str) -> str:
    """Return a text in the reader's language, if it is a sentence made by ``say``; others as they are."""
    if not isinstance(text, Sentence):
        return text
    values = {
        name: spoken(value) if isinstance(value, Sentence) else value for name, value in text.values.items()
    }
    return gettext(text.template).format(**values)
