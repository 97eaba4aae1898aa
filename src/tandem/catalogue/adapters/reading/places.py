"""What happened to coordinates on their way to WGS 84, as findings."""

from tandem.core.findings import Finding, Severity
from tandem.core.text import say

_DEGREES = {"OGC:CRS84", "EPSG:4326"}


def place_findings(system: str, lost: int) -> list[Finding]:
    """Return what there is to say of the coordinates.

    Args:
        system: What their system was called in the file; empty where it names none.
        lost: Shapes that could not be brought to WGS 84.
    """
    found = []
    if system and not any(code in system.upper() for code in _DEGREES):
        found.append(
            Finding(
                Severity.INFO,
                "catalogue.table.reprojected",
                system,
                say(
                    "The coordinates were brought to WGS 84 (longitude, latitude); the original keeps its own."
                ),
            )
        )
    if lost:
        reason = (
            say("{number} shapes have coordinates outside of their system and have no place.", number=lost)
            if system
            else say(
                "{number} shapes have no place: the file does not say in which system its coordinates are, "
                "and they are no degrees. Add it (for a Shapefile: the .prj file) and upload the file again.",
                number=lost,
            )
        )
        found.append(Finding(Severity.WARNING, "catalogue.table.no-place", system, reason))
    return found
