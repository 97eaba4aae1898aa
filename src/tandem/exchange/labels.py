"""What measures' states, fields, dimensions and tags are called on pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tandem.exchange.domain.lifecycle import Step

Labels = Mapping[str, Any]

PUBLICATION: Labels = {
    "draft": _("draft"),
    "review": _("in review"),
    "published": _("published"),
    "withdrawn": _("withdrawn"),
}
STATUS: Labels = {
    "idea": _("an idea"),
    "planned": _("planned"),
    "trial": _("being tried"),
    "in-operation": _("in operation"),
    "ended": _("ended"),
}
STATUS_TONES: Mapping[str, str] = {
    "idea": "neutral",
    "planned": "info",
    "trial": "info",
    "in-operation": "success",
    "ended": "neutral",
}
ADOPTION: Labels = {
    "drafts": _("being adopted"),
    "live": _("in use"),
    "diverged": _("goes its own way"),
    "retired": _("no longer in use"),
    "undone": _("undone"),
}
STEPS: Labels = {
    Step.BEGIN: _("begun"),
    Step.SUBMIT: _("given to be reviewed"),
    Step.SEND_BACK: _("sent back"),
    Step.PUBLISH: _("published"),
    Step.RELEASE: _("version given out"),
    Step.WITHDRAW: _("withdrawn"),
}
KINDS: Labels = {
    "catalogue": _("Data"),
    "participation": _("Participation"),
    "signal": _("Traffic signal"),
    "indicator": _("Indicators"),
}
DIMENSIONS: Labels = {
    "technical": _("Technology"),
    "data": _("Data"),
    "market": _("Market"),
    "acceptance": _("Acceptance"),
    "regulation": _("Law"),
}
BETTER: Labels = {
    "higher": _("more is better"),
    "lower": _("less is better"),
    "": _("neither way"),
}
CHARTER: Labels = {
    "just": _("The just city"),
    "green": _("The green city"),
    "productive": _("The productive city"),
    "digital": _("Digital transformation"),
    "common-good": _("For the common good"),
    "integrated": _("Integrated approach"),
    "participation": _("Participation and co-creation"),
    "multi-level": _("Multi-level governance"),
    "place-based": _("Place-based approach"),
}
SDG: Labels = {
    "1": _("No poverty"),
    "2": _("Zero hunger"),
    "3": _("Good health and well-being"),
    "4": _("Quality education"),
    "5": _("Gender equality"),
    "6": _("Clean water and sanitation"),
    "7": _("Affordable and clean energy"),
    "8": _("Decent work and economic growth"),
    "9": _("Industry, innovation and infrastructure"),
    "10": _("Reduced inequalities"),
    "11": _("Sustainable cities and communities"),
    "12": _("Responsible consumption and production"),
    "13": _("Climate action"),
    "14": _("Life below water"),
    "15": _("Life on land"),
    "16": _("Peace, justice and strong institutions"),
    "17": _("Partnerships for the goals"),
}
LICENCES: Mapping[str, str] = {
    "CC-BY-4.0": "Creative Commons Attribution 4.0",
    "CC0-1.0": "Creative Commons Zero 1.0",
    "CC-BY-SA-4.0": "Creative Commons Attribution Share Alike 4.0",
    "DL-DE-BY-2.0": "Datenlizenz Deutschland – Namensnennung – 2.0",
    "DL-DE-ZERO-2.0": "Datenlizenz Deutschland – Zero – 2.0",
    "EUPL-1.2": "European Union Public Licence 1.2",
}
FIELDS: Labels = {
    "title": _("Title"),
    "summary": _("In one sentence"),
    "need": _("Need"),
    "solution": _("Solution"),
    "status": _("How far it is"),
    "tags": _("What it serves"),
    "cost": _("Cost"),
    "staff": _("Staff"),
    "legal_basis": _("Legal basis"),
    "indicators": _("Indicators"),
    "evidence": _("Evidence"),
    "lessons": _("Lessons"),
    "replicability": _("Ready for another city"),
    "contact": _("Whom to ask"),
    "licence": _("Licence"),
    "isBasedOn": _("What it was made of"),
}
EDIT_STEPS: Labels = {
    "what": _("What and why"),
    "means": _("Money, staff and law"),
    "indicators": _("Indicators"),
    "lessons": _("Lessons"),
    "parts": _("Parts"),
    "contact": _("Contact and licence"),
}
LANGUAGES: Labels = {
    "de": pgettext_lazy("language", "German"),
    "it": pgettext_lazy("language", "Italian"),
    "en": pgettext_lazy("language", "English"),
}


def tag(value: str) -> str:
    """Return what a tag is called: a dimension or principle of the charter, or a goal (``sdg-11``)."""
    number = value.removeprefix("sdg-")
    if number != value:
        return f"{number} · {SDG[number]}" if number in SDG else value
    return str(CHARTER.get(value, value))
