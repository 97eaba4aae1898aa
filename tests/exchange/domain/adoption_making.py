"""An adoption, its parts, and a sign-off, as the rules see them."""

from datetime import UTC, datetime

from tandem.core.references import Reference
from tandem.exchange.domain.adoption import AdoptedPart, Adoption
from tandem.exchange.domain.signing_off import sign_off

NOW = datetime(2026, 9, 1, tzinfo=UTC)
FIELDS = {"slug": "trees", "days": 28}
TABLE, SIGNAL = "catalogue/trees", "signal/marker-allee"


def part(key, **changed):
    return AdoptedPart(key, Reference(f"urn:{key}", "thing"), FIELDS, "", "anna", **changed)


def adoption(*parts, **changed):
    return Adoption("1", "urn:m", "1.0.0", "anna", NOW, parts=parts, **changed)


def signed(found, key, by="bruno", roles=("office",), fields=FIELDS):
    return sign_off(
        found, key, by=by, roles=roles, signs="office", fields=fields, now=NOW, note=" As agreed. "
    )
