"""The report about a tandem for whoever pays for it: made of what is recorded, in one of three languages.

How it becomes a file is the adapters' part.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from tandem.core.errors import InvalidInput
from tandem.core.parts import Texts
from tandem.core.text import LANGUAGES, pick, say
from tandem.exchange.domain.logbook import is_taken_over
from tandem.exchange.domain.tandem import PlayedPart, unled
from tandem.exchange.domain.tandem_facts import AgendaFact, LogFact, Period, TandemFacts, TopicFact, VisitFact
from tandem.exchange.domain.tandem_words import WORDS, Words


class UnknownReportLanguage(InvalidInput):
    """A report is asked for in a language that it has no words in."""

    code = "exchange.unknown-report-language"


# --- the document -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        caption: Says what the table is about, for those who do not see it too.
        widths: Of the columns, in parts of the whole.
        figures: Places of the columns of numbers, from 0.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of the section."""

    text: str


Block = Paragraph | Bullets | Table | Heading


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The report, ready to be set.

    Attributes:
        page_of: For ``{page}`` and ``{pages}``.
        as_of: The only day in it that says when it was made.
    """

    language: str
    title: str
    subtitle: str
    author: str
    sections: tuple[Section, ...]
    page_of: str
    as_of: date


@dataclass(frozen=True, slots=True)
class _Making:
    """What every section is made with."""

    facts: TandemFacts
    period: Period
    language: str
    words: Words
    as_of: date

    def text(self, texts: Texts) -> str:
        return pick(texts, self.language)

    def city(self, city: str) -> str:
        return pick(self.facts.names.get(city, {}), self.language, default=city)

    def day(self, day: date | None) -> str:
        return day.strftime(self.words.day) if day else "–"


def make_report(facts: TandemFacts, *, period: Period, language: str, as_of: date) -> Report:
    """Return the report of a tandem about a period.

    What is not recorded is said to be missing; nothing is made up for it.

    Args:
        language: ``de``, ``it`` or ``en``; texts that are missing in it come in another one.
        as_of: The day that stands in the report.

    Raises:
        UnknownReportLanguage: There are no words in ``language``.
    """
    if language not in WORDS:
        raise UnknownReportLanguage(
            say("A report can be made in: {languages}.", languages=", ".join(LANGUAGES))
        )
    words = WORDS[language]
    making = _Making(facts, period, language, words, as_of)
    return Report(
        language,
        words.title.format(tandem=making.text(facts.title)),
        words.subtitle.format(
            first=making.day(period.first), last=making.day(period.last), day=making.day(as_of)
        ),
        making.city(facts.reporter),
        tuple(_sections(making)),
        words.page_of,
        as_of,
    )


def _sections(making: _Making) -> Iterator[Section]:
    words = making.words
    makers: tuple[tuple[str, Callable[[_Making], Iterator[Block]]], ...] = (
        (words.about, _about),
        (words.members, _members),
        (words.topics, _topics),
        (words.visits, _visits),
        (words.agenda, _agenda),
        (words.logbook, _logbook),
        (words.decisions, _decisions),
        (words.costs, _costs),
        (words.gaps, _gaps),
    )
    for heading, make in makers:
        yield Section(heading, tuple(make(making)) or (Paragraph(words.nothing),))


def _about(making: _Making) -> Iterator[Block]:
    if making.facts.is_example:
        yield Paragraph(making.words.is_example)
    if making.facts.aims:
        yield Paragraph(making.text(making.facts.aims))
    yield Paragraph(making.words.states[making.facts.state])


def _members(making: _Making) -> Iterator[Block]:
    words = making.words
    rows = [
        (
            making.city(each.city),
            making.day(each.joined_on),
            making.day(each.consented_on),
            making.day(each.left_on),
            making.text(each.left_because),
        )
        for each in making.facts.members
        if each.joined_on <= making.period.last and not (each.left_on and each.left_on <= making.period.first)
    ]
    if rows:
        yield Table(words.members, words.member_heads, tuple(rows), (3, 2, 2, 2, 4))


def _topics(making: _Making) -> Iterator[Block]:
    words = making.words
    rows = [
        (making.text(each.title), _who(making, each, PlayedPart.LEAD), _who(making, each, PlayedPart.FOLLOW))
        for each in making.facts.topics
    ]
    if rows:
        yield Table(words.topics, words.topic_heads, tuple(rows), (4, 3, 3))


def _who(making: _Making, topic: TopicFact, part: PlayedPart) -> str:
    return (
        ", ".join(making.city(city) for city, played in topic.parts_played.items() if played == part) or "–"
    )


def _visits(making: _Making) -> Iterator[Block]:
    words = making.words
    for each in making.facts.visits:
        if not making.period.has(each.first_day):
            continue
        yield Heading(making.text(each.title))
        yield Paragraph(_where_and_when(making, each))
        if each.programme:
            yield Bullets(tuple(making.text(point) for point in each.programme))
        if each.participants:
            rows = tuple((making.city(city), role) for city, role in each.participants)
            yield Table(words.participants, words.participant_heads, rows, (1, 2))
        yield Paragraph(making.text(each.report) or _told(making, each, words.no_report, words.due))


def _told(making: _Making, visit: VisitFact, said: str, due: str) -> str:
    """Return a sentence about a report, with its day where the days of the visit are known."""
    return said if visit.when else f"{said} {due.format(day=making.day(visit.due_on))}"


def _where_and_when(making: _Making, visit: VisitFact) -> str:
    words = making.words
    days = making.day(visit.first_day)
    if visit.last_day != visit.first_day:
        days = f"{days} – {making.day(visit.last_day)}"
    when = making.text(visit.when) or days
    where = words.online if visit.is_online else words.host.format(city=making.city(visit.host))
    return ", ".join(each for each in (when, where, visit.place) if each)


def _agenda(making: _Making) -> Iterator[Block]:
    words = making.words
    rows = [
        (
            making.text(topic.title),
            making.text(each.question),
            making.day(each.due_on),
            making.day(each.done_on),
            making.text(each.lesson),
        )
        for topic in making.facts.topics
        for each in topic.agenda
        if _is_of(making.period, each)
    ]
    if rows:
        yield Table(words.agenda, words.agenda_heads, tuple(rows), (3, 4, 2, 2, 4))


def _is_of(period: Period, item: AgendaFact) -> bool:
    """Return whether a question was due or answered in a period, or is open without a day."""
    is_open = item.due_on is None and item.done_on is None
    return is_open or period.has(item.due_on) or period.has(item.done_on)


def _logbook(making: _Making) -> Iterator[Block]:
    words, entries = making.words, list(_entries(making))
    rows = [
        (
            making.day(each.on),
            topic,
            words.stages[each.stage],
            "\n".join(part for part in (making.text(each.text), making.text(each.about)) if part),
        )
        for topic, each in entries
    ]
    if rows:
        yield Table(words.logbook, words.log_heads, tuple(rows), (2, 3, 2, 6))
    if not is_taken_over(each.stage for _topic, each in entries):
        yield Paragraph(words.not_taken_over)


def _entries(making: _Making) -> Iterator[tuple[str, LogFact]]:
    every = [(making.text(topic.title), entry) for topic in making.facts.topics for entry in topic.log]
    every += [("", entry) for entry in making.facts.log]
    yield from sorted(_within(making.period, every, lambda one: one[1].on), key=lambda one: one[1].on)


Thing = TypeVar("Thing")


def _within(period: Period, things: Iterable[Thing], day: Callable[[Thing], date]) -> list[Thing]:
    return [each for each in things if period.has(day(each))]


def _decisions(making: _Making) -> Iterator[Block]:
    words = making.words
    every = [each for topic in making.facts.topics for each in topic.decisions]
    rows = [
        (
            making.day(each.on),
            making.city(each.city),
            making.text(each.measure),
            words.verdicts[each.verdict],
            making.text(each.reason),
        )
        for each in sorted(_within(making.period, every, lambda one: one.on), key=lambda one: one.on)
    ]
    if rows:
        yield Table(words.decisions, words.decision_heads, tuple(rows), (2, 2, 3, 2, 5))


def _costs(making: _Making) -> Iterator[Block]:
    words = making.words
    found = _within(making.period, making.facts.costs, lambda one: one.on)
    if not found:
        return
    rows = [
        (making.day(each.on), making.city(each.city), making.text(each.title), _euros(each.cents, words))
        for each in found
    ]
    total = sum(each.cents for each in found)
    rows.append(("", "", words.total, _euros(total, words)))
    yield Table(words.costs, words.cost_heads, tuple(rows), (2, 3, 5, 2), figures=(3,))


def _euros(cents: int, words: Words) -> str:
    """Return an amount as it is written in the language.

    >>> _euros(123456789, WORDS["de"]), _euros(50, WORDS["en"])
    ('1.234.567,89', '0.50')
    """
    whole, part = divmod(cents, 100)
    return f"{whole:,}".replace(",", words.thousands) + f"{words.decimal}{part:02}"


def _gaps(making: _Making) -> Iterator[Block]:
    points = tuple(_missing(making))
    yield Bullets(points) if points else Paragraph(making.words.no_gaps)


def _missing(making: _Making) -> Iterator[str]:
    words, facts = making.words, making.facts
    for visit in facts.visits:
        if making.period.has(visit.first_day) and not visit.report and visit.due_on < making.as_of:
            said = words.report_missing.format(visit=making.text(visit.title))
            yield _told(making, visit, said, words.was_due)
    present = [
        each.city
        for each in facts.members
        if each.consented_on and not (each.left_on and each.left_on <= making.period.last)
    ]
    for topic in facts.topics:
        if unled(topic.parts_played, present):
            yield words.nobody_leads.format(topic=making.text(topic.title))
        for each in topic.agenda:
            if each.due_on and each.done_on is None and _is_overdue(making, each.due_on):
                yield words.overdue.format(question=making.text(each.question), day=making.day(each.due_on))


def _is_overdue(making: _Making, due_on: date) -> bool:
    return making.period.has(due_on) and due_on < making.as_of
