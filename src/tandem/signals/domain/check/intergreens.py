"""Intergreens: missing, one-sided, or too short."""

from collections.abc import Iterator
from itertools import combinations

from tandem.core.findings import Finding
from tandem.core.text import say
from tandem.signals.domain.check.findings import error, seconds
from tandem.signals.domain.check.rules import CheckRules
from tandem.signals.domain.clearing import needed_intergreens_ms
from tandem.signals.domain.junction import Junction


def intergreens(junction: Junction, rules: CheckRules) -> Iterator[Finding]:
    """Find pairs of groups that lack an intergreen, and intergreens that are too short."""
    yield from _conflicts_without_intergreen(junction)
    yield from _short_intergreens(junction, rules)


def _conflicts_without_intergreen(junction: Junction) -> Iterator[Finding]:
    meeting = _groups_that_meet(junction)
    for pair in combinations([group.id for group in junction.groups], 2):
        missing = [each for each in (pair, pair[::-1]) if each not in junction.intergreens_ms]
        if len(missing) == 2 and frozenset(pair) in meeting:
            yield error(
                "missing-intergreen",
                f"intergreens/{pair[0]}/{pair[1]}",
                say(
                    "Movements of {one} and {other} meet, but have no intergreens. Add both directions.",
                    one=pair[0],
                    other=pair[1],
                ),
            )
        elif len(missing) == 1:
            clearing, entering = missing[0]
            yield error(
                "one-sided-intergreen",
                f"intergreens/{clearing}/{entering}",
                say(
                    "There is an intergreen from {entering} to {clearing} only. Add the one from {clearing} to "
                    "{entering}, or remove both if they do not conflict.",
                    clearing=clearing,
                    entering=entering,
                ),
            )


def _groups_that_meet(junction: Junction) -> set[frozenset[str]]:
    pairs = [(each.clearing, each.entering) for each in junction.clearances]
    pairs += [(movement.id, other) for movement in junction.movements for other in movement.yields_to]
    group_of = {movement.id: movement.group for movement in junction.movements}
    return {frozenset((group_of[one], group_of[other])) for one, other in pairs}


def _short_intergreens(junction: Junction, rules: CheckRules) -> Iterator[Finding]:
    needed = needed_intergreens_ms(junction, rules.clearing)
    for (clearing, entering), between_ms in junction.intergreens_ms.items():
        yellow_ms, geometry_ms = junction.group_by_id[clearing].yellow_ms, needed.get((clearing, entering), 0)
        if between_ms >= max(yellow_ms, geometry_ms):
            continue
        path = f"intergreens/{clearing}/{entering}"
        short = say(
            "The intergreen from {clearing} to {entering} is {between_s} s",
            clearing=clearing,
            entering=entering,
            between_s=seconds(between_ms),
        )
        if geometry_ms >= yellow_ms:
            message = say(
                "{short}, and where their ways meet asks for {needed_s} s. Lengthen it, or correct the clearances.",
                short=short,
                needed_s=seconds(geometry_ms),
            )
            yield error("intergreen-below-geometry", path, message)
        else:
            message = say(
                "{short}, and the yellow before it {needed_s} s. Lengthen the intergreen.",
                short=short,
                needed_s=seconds(yellow_ms),
            )
            yield error("intergreen-below-yellow", path, message)
