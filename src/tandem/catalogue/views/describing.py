"""What the describing pages share: what is offered to choose from, findings in the reader's words, history."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from tandem.catalogue.domain.lifecycle import Step
from tandem.catalogue.forms import FIELD_NAMES
from tandem.catalogue.forms_fields import records_as_terms
from tandem.catalogue.forms_properties import Choices
from tandem.catalogue.services import agents, history, records
from tandem.core.findings import Finding

STEPS = {
    Step.BEGIN: lambda: gettext("begun"),
    Step.SUBMIT: lambda: gettext("given to be reviewed"),
    Step.SEND_BACK: lambda: gettext("sent back"),
    Step.PUBLISH: lambda: gettext("published"),
    Step.WITHDRAW: lambda: gettext("withdrawn"),
}


def offered() -> Choices:
    """Return our agents, datasets, services and series, to choose from."""
    return Choices(
        agents=agents.known(),
        datasets=records_as_terms(records.dataset_choices()),
        services=records_as_terms(records.choices(records.SERVICE)),
        series=records_as_terms(records.choices(records.SERIES)),
    )


def with_places(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings whose places are called as the form calls them."""
    return [
        replace(each, path=", ".join(_place(part) for part in each.path.split(", "))) for each in findings
    ]


def _place(part: str) -> str:
    if part.startswith("file "):
        return gettext("File %(number)s") % {"number": part.removeprefix("file ")}
    return str(FIELD_NAMES.get(part, part))


def shown_history(iri: str) -> list[dict[str, Any]]:
    """Return the steps of a record's life for a page, the latest first."""
    return [
        {
            "what": STEPS[Step(each.step)](),
            "at": each.at,
            "who": str(each.person) if each.person else gettext("the portal itself"),
            "note": each.note,
        }
        for each in history.history_of(iri)
    ]
