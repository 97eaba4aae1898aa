"""Example content for the demo cities: a project each, with a phase of every kind.

What is stated as a fact about the cities is one (the texts of the projects); everything that people seem to have
written, voted or answered is made up, and its pages say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.participation.examples import arezzo, hamm

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """What a city's example is made of.

    Attributes:
        language: Of everything that citizens seem to have written.
        project: Columns of ``Project``.
        milestones: Year, month and titles.
        ideas: Title, text, category, and how far east and north of the project, in hundredths of a degree.
        comments: Said of the ideas in turn.
        categories: Keys and titles.
        letter: A letter that several have sent; ``statements`` are of single people.
        plan: The text that stands for a plan's reasons.
        proposals: Title, text and cost in euros of a finished budget.
        opinions: Short statements; the first half divides, the second unites.
        questions: Of the survey, as it keeps them.
    """

    language: str
    rule: str
    region: str
    project: Mapping[str, Any]
    milestones: Sequence[tuple[int, int, Texts]]
    categories: Sequence[tuple[str, Texts]]
    ideas: Sequence[tuple[str, str, str, int, int]]
    comments: Sequence[str]
    answer: str
    office: str
    plan: str
    letter: str
    statements: Sequence[str]
    proposals: Sequence[tuple[str, str, int]]
    opinions: Sequence[str]
    questions: Sequence[Mapping[str, Any]]
    titles: Mapping[str, Texts]


def example_of(city_id: str) -> Example | None:
    """Return a city's example, or None where there is none."""
    content = {"hamm": hamm.CONTENT, "arezzo": arezzo.CONTENT}.get(city_id)
    return Example(**content) if content else None
