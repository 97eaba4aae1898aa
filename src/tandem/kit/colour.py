"""Colours: contrast, and shades of a city's accent that are always readable.

Lightness is changed in OKLCH, where equal steps look equal and a hue stays itself.
"""

import math
import re
from dataclasses import dataclass

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0
LIGHT_GROUNDS = ("#fbfaf7", "#f2f0ea", "#ffffff")
DARK_GROUNDS = ("#15181b", "#1e2226", "#101315")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_STEP = 0.005


class BadColour(InvalidInput):
    """A colour is not of the form ``#rrggbb``."""

    code = "kit.bad-colour"

    def __init__(self, text: str) -> None:
        super().__init__(
            say("{text} is no colour. Write six hexadecimal digits after a hash: '#1f5a8c'.", text=repr(text))
        )


@dataclass(frozen=True, slots=True)
class Shades:
    """The shades of an accent on one ground.

    Attributes:
        accent: Fills of buttons, marks of charts: 3:1 against every ground.
        hover: The fill under the pointer.
        text: Links and coloured words: 4.5:1 against every ground and against ``soft``.
        soft: A tinted ground.
        line: Decorative lines.
        on_accent: Text on ``accent`` and on ``hover``: 4.5:1.
    """

    accent: str
    hover: str
    text: str
    soft: str
    line: str
    on_accent: str


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 (black) to 1 (white).

    Raises:
        BadColour: The colour has another form.

    Source:
        WCAG 2.2, "relative luminance".
    """
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21.

    Source:
        WCAG 2.2, "contrast ratio".

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def shades(accent: str, *, dark: bool = False) -> Shades:
    """Return readable shades of ``accent`` for the light or the dark ground.

    A fill keeps the city's own colour wherever it is told apart from the ground.
    """
    grounds = DARK_GROUNDS if dark else LIGHT_GROUNDS
    _lightness, chroma, hue = to_oklch(accent)
    soft = from_oklch(0.29 if dark else 0.945, min(chroma, 0.04 if dark else 0.025), hue)
    line = from_oklch(0.48 if dark else 0.78, min(chroma, 0.07), hue)
    fill = _until(accent, grounds, SHAPE_CONTRAST, lighter=dark)
    on_accent, hover_lighter = _text_on(fill)
    return Shades(
        accent=fill,
        hover=_shift(fill, 0.08 if hover_lighter else -0.08),
        text=_until(accent, (*grounds, soft), TEXT_CONTRAST, lighter=dark),
        soft=soft,
        line=line,
        on_accent=on_accent,
    )


def check_accent(accent: str) -> list[Finding]:
    """Return what is to be said about a city's accent; nothing where it is used as it is."""
    if not _HEX.fullmatch(accent):
        return [Finding(Severity.ERROR, "kit.bad-colour", "look.accent", BadColour(accent).sentence)]
    weakest = min(contrast(accent, ground) for ground in LIGHT_GROUNDS)
    if weakest >= TEXT_CONTRAST:
        return []
    used = shades(accent)
    return [
        Finding(
            Severity.WARNING,
            "kit.weak-accent",
            "look.accent",
            say(
                "{accent} has a contrast of {weakest}:1 with the light ground, and links need "
                "{text_contrast}:1. Links are shown in {text} and buttons in {used}; a darker accent "
                "would be used as it is.",
                accent=accent,
                weakest=f"{weakest:.1f}",
                text_contrast=TEXT_CONTRAST,
                text=used.text,
                used=used.accent,
            ),
        )
    ]


def to_oklch(colour: str) -> tuple[float, float, float]:
    """Return lightness (0 to 1), chroma and hue (radians) of ``#rrggbb``.

    Source:
        Björn Ottosson (2020), A perceptual color space for image processing.
    """
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour as ``#rrggbb``, with less chroma where the screen cannot show as much."""
    lightness = min(1.0, max(0.0, lightness))
    for share in range(20, -1, -1):
        channels = _to_linear(lightness, chroma * share / 20, hue)
        if all(-0.0005 <= channel <= 1.0005 for channel in channels):
            break
    return "#" + "".join(f"{round(255 * _encode(channel)):02x}" for channel in channels)


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _linear(colour: str) -> tuple[float, float, float]:
    if not _HEX.fullmatch(colour):
        raise BadColour(colour)
    red, green, blue = (_decode(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return red, green, blue


def _decode(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _encode(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return value * 12.92 if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


def _shift(colour: str, by: float) -> str:
    lightness, chroma, hue = to_oklch(colour)
    return from_oklch(lightness + by, chroma, hue)


def _until(colour: str, grounds: tuple[str, ...], ratio: float, *, lighter: bool) -> str:
    """Return ``colour``, made lighter or darker until it stands out from every ground."""
    lightness, chroma, hue = to_oklch(colour)
    found = colour.lower()
    while any(contrast(found, ground) < ratio for ground in grounds):
        lightness += _STEP if lighter else -_STEP
        found = from_oklch(lightness, chroma, hue)
    return found


def _text_on(fill: str) -> tuple[str, bool]:
    """Return the text's colour on ``fill``, and whether the hover must be lighter to keep it readable."""
    for text in ("#ffffff", "#101418", "#000000"):
        if contrast(text, fill) >= TEXT_CONTRAST:
            return text, text != "#ffffff"
    raise AssertionError(fill)  # white or black reaches 4.58:1 on every colour
