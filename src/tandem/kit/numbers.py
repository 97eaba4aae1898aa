"""Numbers as people write them, in the page's language."""

from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

_UNITS = ("kB", "MB", "GB", "TB", "PB")
_MOST_DIGITS = 9
NO_NUMBER, MINUS = "–", "−"


def typed_number(text: str, *, otherwise: int) -> int:
    """Return the whole number that a text of an address or a button says, ``otherwise`` where it says none.

    More than nine digits count as none: they would be no page and no row, and Python reads only so many.

    >>> typed_number("12", otherwise=1), typed_number("-1", otherwise=1), typed_number("9" * 5000, otherwise=1)
    (12, 1, 1)
    """
    return int(text) if len(text) <= _MOST_DIGITS and text.isascii() and text.isdigit() else otherwise


def file_size(size: int | float | str | None) -> str:
    """Return a number of bytes with its unit; kB, MB … are powers of 1,000.

    Anything that is no number, or below zero, gives a dash.
    """
    try:
        count = int(size)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return NO_NUMBER
    if count < 0:
        return NO_NUMBER
    if count < 1_000:
        return ngettext("%(number)s byte", "%(number)s bytes", count) % {"number": count}
    value, unit = count / 1_000, 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1_000, unit + 1
    decimals = 0 if value >= 99.5 else 1
    number = number_format(round(value, decimals), decimal_pos=decimals)
    return gettext("%(number)s %(unit)s") % {"number": number, "unit": _UNITS[unit]}


def figure(value: float | int | Decimal | None, *, decimals: int | None = None) -> str:
    """Return a number with the page's separators; a missing one is a dash.

    Args:
        value: Any number.
        decimals: Digits after the separator; without it as many as the number has, four at most.
    """
    if value is None:
        return NO_NUMBER
    number = Decimal(str(value))
    if decimals is None:
        decimals = len(f"{number:.4f}".rstrip("0").partition(".")[2])
    try:
        rounded = round(number, decimals)
    except InvalidOperation:  # more digits than anybody reads
        return f"{number:.6e}".replace("-", MINUS)
    written = number_format(rounded, decimal_pos=decimals, force_grouping=True)
    return str(written).replace("-", MINUS)


def euros(cents: int | None) -> str:
    """Return an amount of money in euros; whole euros without decimals, a missing one as a dash."""
    if cents is None:
        return NO_NUMBER
    amount = figure(Decimal(cents) / 100, decimals=0 if cents % 100 == 0 else 2)
    return gettext("%(amount)s €") % {"amount": amount}
