"""The comparison in one sentence: the page's heading."""

from collections.abc import Iterator

from tandem.signals.domain.summing_up.interval import interval
from tandem.signals.experiment.report.page import Page, change_of, count_locked, verdict

_SAID = ("less", "more", "same")


def finding(page: Page) -> str:
    """Return who gains and who loses time under the controller that the page is about, against the reference.

    Locked traffic comes before all else, and one pair of runs gets no verdict. All vehicles together are left out
    where their kinds are told.
    """
    text = _finding(page)
    return text[:1].upper() + text[1:]


def _finding(page: Page) -> str:
    words = page.words
    names = {"name": page.name(page.featured), "reference": page.name(page.reference)}
    if not page.others:
        return words("finding-only", **names)
    if locked := list(_locked(page)):
        return words("finding-locked", parts=words.list(locked))
    if not any(page.pairs(page.featured, kind) for kind in page.kinds):
        return words("finding-none", **names)
    if changes := list(_changes(page)):
        return words("finding", changes=", ".join(changes), **names)
    return words("finding-open", **names)


def _locked(page: Page) -> Iterator[str]:
    for name in dict.fromkeys((page.featured, page.reference)):
        runs = page.runs[name]
        if count := count_locked(runs):
            share = page.words("share-of", count=count, all=len(runs))
            yield page.words("finding-locked-part", count=share, name=page.name(name))


def _changes(page: Page) -> Iterator[str]:
    """Yield what changes for whom: first who gains, then who loses, then those for whom nothing can be measured."""
    words = page.words
    by_verdict = _by_verdict(page)
    told = [(said, kind, change) for said in _SAID for kind, change in by_verdict[said]]
    if told and all(said == "same" for said, _kind, _change in told):
        yield words("finding-all-same")
        return
    for place, (said, kind, change) in enumerate(told):
        first = "-first" if place == 0 else ""
        yield words(f"finding-{said}{first}", change=change, whom=page.whom(kind))


def _by_verdict(page: Page) -> dict[str, list[tuple[str, str]]]:
    """Return kinds of road users and their change, by what can be said about it."""
    found: dict[str, list[tuple[str, str]]] = {said: [] for said in (*_SAID, "open")}
    for kind in page.kinds_of_people:
        if pairs := page.pairs(page.featured, kind):
            difference = interval(one.delay_s - other.delay_s for one, other in pairs)
            reference_s = interval(other.delay_s for _one, other in pairs).mean
            found[verdict(difference)].append((kind, change_of(page, difference, reference_s)))
    return found
