"""Texts in several languages."""

from collections.abc import Mapping

LANGUAGES = ("de", "it", "en")


def pick(texts: Mapping[str, str], language: str, *, default: str = "") -> str:
    """Return the text in ``language``, else in English, else in whatever language there is.

    >>> pick({"de": "Bäume", "it": "Alberi"}, "it")
    'Alberi'
    >>> pick({"de": "Bäume"}, "it")
    'Bäume'
    """
    for wanted in (language, "en", *texts):
        if texts.get(wanted):
            return texts[wanted]
    return default
