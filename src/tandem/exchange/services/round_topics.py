"""The topics of a round, as they are typed: one a line."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.kit.slugs import slug_of

MOST_TOPICS = 60
_TOPIC = re.compile(r"[a-z][a-z0-9-]{0,59}")


class BadTopics(InvalidInput):
    """A line names no topic, or the same one as another."""

    code = "exchange.matching.bad-topics"


def read_topics(text: str, known: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    """Return the topics of a text with one in each line: a short name, and what it is called.

    ``heat: Heat protection``; without a colon the line is the title, and the short name is made of it. Titles in
    other languages stay as they are known.

    Raises:
        BadTopics: A line names no topic, or one that is there already, or there are too many.
    """
    before = {each["key"]: each["titles"] for each in known}
    found: dict[str, dict[str, Any]] = {}
    for line in (each.strip() for each in text.splitlines()):
        if not line:
            continue
        short, colon, title = (each.strip() for each in line.partition(":"))
        if not colon:
            short, title = slug_of(line, otherwise="")[:60], line
        if not _TOPIC.fullmatch(short) or not title:
            raise BadTopics(
                say("“{line}” names no topic. Write a short name, a colon, the title.", line=line[:80])
            )
        if short in found:
            raise BadTopics(say("The topic “{topic}” is there twice. Leave one out.", topic=short))
        found[short] = {"key": short, "titles": {**before.get(short, {}), language: title[:150]}}
    if not found:
        raise BadTopics(say("Name at least one topic."))
    if len(found) > MOST_TOPICS:
        raise BadTopics(say("A round may have {most} topics at the most.", most=MOST_TOPICS))
    return list(found.values())
