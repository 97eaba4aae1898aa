"""Sentences of errors and findings in the reader's language."""

from django.utils.translation import gettext

from tandem.core.text import Sentence


def spoken(text: str) -> str:
    """Return a text in the reader's language, if it is a sentence made by ``say``; others as they are."""
    if not isinstance(text, Sentence):
        return text
    values = {
        name: spoken(value) if isinstance(value, Sentence) else value for name, value in text.values.items()
    }
    return gettext(text.template).format(**values)
