"""Checks a junction by rules that a city sets: what is missing, unsafe or useless, and what to do about it."""

from tandem.core.findings import Finding, Severity
from tandem.signals.domain.check.groups import groups
from tandem.signals.domain.check.intergreens import intergreens
from tandem.signals.domain.check.plans import plans
from tandem.signals.domain.check.rules import CheckRules, NotCheckRules, rules_from_mapping
from tandem.signals.domain.check.stages import stages
from tandem.signals.domain.check.unused import unused
from tandem.signals.domain.junction import Junction
from tandem.signals.domain.notation import dangling

__all__ = ["CheckRules", "NotCheckRules", "check", "rules_from_mapping"]
_ORDER = list(Severity)


def check(junction: Junction, rules: CheckRules | None = None) -> list[Finding]:
    """Return what is wrong with a junction, errors first; nothing where it is sound.

    Args:
        junction: Where it names something that is not there, that is all that is found.
        rules: ``CheckRules()`` by default.

    Returns:
        Findings with paths like ``groups/K1`` and ``intergreens/K1/F2``.
    """
    if faults := dangling(junction):
        return faults
    rules = rules or CheckRules()
    found = [
        *intergreens(junction, rules),
        *groups(junction, rules),
        *stages(junction),
        *plans(junction),
        *unused(junction),
    ]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))
