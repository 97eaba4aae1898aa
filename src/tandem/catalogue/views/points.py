"""How good a description is, in the reader's words."""

from typing import Any

from django.utils.translation import gettext, gettext_lazy

from tandem.catalogue.domain import completeness
from tandem.catalogue.domain.description import DatasetDescription
from tandem.catalogue.forms import FIELD_NAMES
from tandem.catalogue.services import assessing

BANDS = {
    "excellent": gettext_lazy("excellent"),
    "good": gettext_lazy("good"),
    "sufficient": gettext_lazy("sufficient"),
    "bad": gettext_lazy("poor"),
}


def points_of(described: DatasetDescription) -> dict[str, Any]:
    """Return the points of a description and what would help next, for a page."""
    assessment = assessing.assessment_of(described)
    return {
        "points": assessment.points,
        "most": completeness.MOST_POINTS,
        "band": BANDS[assessment.band],
        "next": [
            gettext("%(field)s: %(points)s points") % {"field": FIELD_NAMES[name], "points": points}
            for name, points in assessment.next_steps()[:3]
        ],
    }
