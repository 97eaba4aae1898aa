"""CQL2 as text and as JSON, read into its JSON form."""

import json
import re
from typing import Any

import cql2

from tandem.core.errors import InvalidInput
from tandem.core.text import say

MOST_OPEN = 60


class UnreadableFilter(InvalidInput):
    """A filter is not written in the language that it says."""

    code = "catalogue.features.unreadable-filter"

    def __init__(self, language: str, problem: str) -> None:
        super().__init__(
            say("The filter is no {language}: {problem}", language=language, problem=problem[:300])
        )


def read_filter(text: str, language: str) -> Any:
    """Return a filter in CQL2's JSON form.

    Raises:
        UnreadableFilter: It is none.
    """
    if language == "cql2-json":
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableFilter(language, str(error)) from error
    if _nesting(text) > MOST_OPEN:
        raise UnreadableFilter(language, f"more than {MOST_OPEN} brackets or negations are open at once")
    try:
        return cql2.parse_text(text).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise UnreadableFilter(language, " ".join(str(error).split())) from error


def _nesting(text: str) -> int:
    """Return how deep a filter may lie at most: the reader goes down once for each bracket, sign or NOT."""
    plain = re.sub(r"'(?:[^']|'')*'", "", text)
    deepest = depth = 0
    for character in plain:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    signs = max((len(run) for run in re.findall(r"[-+\s]*[-+]", plain)), default=0)
    return deepest + signs + len(re.findall(r"(?i)\bnot\b", plain))
