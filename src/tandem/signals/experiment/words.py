"""A report's words and numbers as each language writes them."""

import math
from collections.abc import Sequence

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.experiment.texts import TEXTS

LANGUAGES = ("en", "de", "it")
DASH, MINUS, SPACE = "–", "−", "\N{NO-BREAK SPACE}"


class UnknownLanguage(InvalidInput):
    """The report is not written in this language."""

    code = "signals.report.unknown-language"

    def __init__(self, language: str) -> None:
        known = ", ".join(LANGUAGES)
        super().__init__(
            say("There is no report in {language}. Choose one of {known}.", language=language, known=known)
        )


class Words:
    """The report's texts in one language.

    Args:
        language: ``en``, ``de`` or ``it``.

    Raises:
        UnknownLanguage: It is another one.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise UnknownLanguage(language)
        self.language = language
        self._column = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its values filled in."""
        return TEXTS[key][self._column].format(**values)

    def known(self, prefix: str, name: str, default: str) -> str:
        """Return the text about a name, or the default where there is none."""
        return self(f"{prefix}-{name}") if f"{prefix}-{name}" in TEXTS else default

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number with the language's separators; what is no number is a dash.

        >>> Words("de").number(-1234.56), Words("en").number(-1234.56), Words("en").number(-0.01)
        ('−1.234,6', '−1,234.6', '0.0')
        """
        if not math.isfinite(value):
            return DASH
        text = f"{abs(value):,.{decimals}f}"
        if self.language != "en":
            text = text.translate({ord(","): ".", ord("."): ","})
        return (MINUS if value < 0 and float(f"{value:.{decimals}f}") else "") + text

    def amount(self, value: float, unit: str, decimals: int = 1) -> str:
        """Return a number with its unit, kept on one line."""
        text = self.number(value, decimals)
        return text if text == DASH else f"{text}{SPACE}{unit}"

    def list(self, parts: Sequence[str]) -> str:
        """Return parts as people list them.

        >>> Words("en").list(["a", "b", "c"]), Words("it").list(["a"])
        ('a, b and c', 'a')
        """
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self('and')} {parts[-1]}"

    def runs(self, count: int) -> str:
        """Return a number of runs."""
        return self("runs-1") if count == 1 else self("runs-n", count=count)
