"""What an address asks of a collection of features: ``?bbox=…&datetime=…&limit=…&kind=oak&filter=…&crs=…``.

Source: OGC 17-069r4 (part 1), 18-058r1 (part 2), 19-079r2 (part 3) of OGC API Features.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.catalogue.domain.crs import CRS84, Box, Crs, boxes_in_degrees, crs_named, numbers_of_box
from tandem.catalogue.domain.exploration import BadQuery, Column
from tandem.catalogue.domain.moments import Interval, as_moment, interval_of
from tandem.core.text import say

LIMIT, MOST = 100, 10_000
LANGUAGES_OF_FILTERS = ("cql2-text", "cql2-json")
MOST_FILTER_CHARACTERS = 20_000
PARAMETERS = frozenset(
    {
        "bbox",
        "bbox-crs",
        "crs",
        "datetime",
        "limit",
        "offset",
        "after",
        "filter",
        "filter-lang",
        "filter-crs",
        "f",
    }
)


@dataclass(frozen=True, slots=True)
class FeatureQuery:
    """Everything that an address asks of a collection.

    Attributes:
        after: Only features with a greater number.
        boxes: West, south, east, north in degrees; a feature in any of them fits. Empty without a box in degrees.
        box: A box in metres, with its system.
        equals: A value that a column must have, by its key.
    """

    limit: int = LIMIT
    offset: int = 0
    after: int = 0
    crs: Crs = CRS84
    boxes: tuple[Box, ...] = ()
    box: tuple[Box, Crs] | None = None
    interval: Interval | None = None
    equals: tuple[tuple[str, Any], ...] = ()
    filter_text: str = ""
    filter_lang: str = LANGUAGES_OF_FILTERS[0]
    filter_crs: Crs = CRS84

    @property
    def narrows(self) -> bool:
        """True where not every feature fits."""
        return bool(self.boxes or self.box or self.interval or self.equals or self.filter_text)


def parse_features(parameters: Mapping[str, Sequence[str]], columns: Iterable[Column]) -> FeatureQuery:
    """Return what an address asks for.

    Args:
        parameters: Each parameter's values, as in a parsed query string.
        columns: The table's columns; each but the geometry is also a parameter.

    Raises:
        BadQuery: A parameter that there is not, or a value that cannot be.
        UnknownCrs: A system that there is not.
        BadBox: A box that is none.
        BadMoment: A time that is none.
    """
    kinds = {column.key: column.kind for column in columns if column.kind != "geometry"}
    _refuse_unknown(parameters, kinds)

    def one(name: str) -> str:
        return (parameters.get(name) or [""])[0].strip()

    boxes, box = _boxes(one("bbox"), crs_named("bbox-crs", one("bbox-crs") or CRS84.uri))
    language = one("filter-lang") or ("cql2-json" if one("filter").startswith("{") else "cql2-text")
    if language not in LANGUAGES_OF_FILTERS:
        raise BadQuery(
            say(
                "{given}: there is no such language of filters. Known: {known}.",
                given=f"filter-lang={language[:40]}",
                known=", ".join(LANGUAGES_OF_FILTERS),
            )
        )
    if len(one("filter")) > MOST_FILTER_CHARACTERS:
        raise BadQuery(say("A filter has at most {most} characters.", most=MOST_FILTER_CHARACTERS))
    return FeatureQuery(
        limit=min(_whole("limit", one("limit"), least=1, default=LIMIT), MOST),
        offset=_whole("offset", one("offset"), least=0, default=0),
        after=_whole("after", one("after"), least=0, default=0),
        crs=crs_named("crs", one("crs") or CRS84.uri),
        boxes=tuple(boxes),
        box=box,
        interval=interval_of(one("datetime")) if "datetime" in parameters else None,
        equals=tuple(
            (name, _value(name, values[0], kinds[name]))
            for name, values in parameters.items()
            if name in kinds and name not in PARAMETERS and values
        ),
        filter_text=one("filter"),
        filter_lang=language,
        filter_crs=crs_named("filter-crs", one("filter-crs") or CRS84.uri),
    )


def _refuse_unknown(parameters: Mapping[str, Sequence[str]], kinds: Mapping[str, str]) -> None:
    unknown = [name for name in parameters if name not in PARAMETERS and name not in kinds]
    if unknown:
        raise BadQuery(
            say(
                "{given}: there is no such parameter. Known: {known}.",
                given=unknown[0][:60],
                known=", ".join([*sorted(PARAMETERS), *kinds]),
            )
        )


def _boxes(text: str, crs: Crs) -> tuple[list[Box], tuple[Box, Crs] | None]:
    if not text:
        return [], None
    numbers = numbers_of_box(text)
    if crs.is_degrees:
        return boxes_in_degrees(numbers, crs, text), None
    return [], (numbers, crs)


def _whole(name: str, text: str, *, least: int, default: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) < least:
        raise BadQuery(
            say("{given}: must be a whole number from {least}.", given=f"{name}={text[:40]}", least=least)
        )
    return int(text)


def _value(name: str, text: str, kind: str) -> Any:
    """Return the value that a column must have."""
    found: Any = None
    try:
        if kind == "integer":
            found = int(text)
        elif kind == "decimal":
            found = float(text)
        elif kind == "boolean":
            found = {"true": True, "false": False, "1": True, "0": False}.get(text.lower())
        elif kind in {"date", "datetime"}:
            found = as_moment(text)
        else:
            found = text
    except ValueError:
        found = None
    if found is None:
        raise BadQuery(
            say(
                "{given}: this column holds values of the kind {kind}.",
                given=f"{name}={text[:60]}",
                kind=kind,
            )
        )
    return found
