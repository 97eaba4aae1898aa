"""The runs of a report, by controller, with what several of its parts need."""

from collections.abc import Sequence

from tandem.core.errors import InvalidInput
from tandem.core.text import say
from tandem.signals.domain.summing_up.interval import Interval
from tandem.signals.experiment import plots
from tandem.signals.experiment.results import ClassResult, RunResult
from tandem.signals.experiment.table import by_controller
from tandem.signals.experiment.words import DASH, MINUS, Words

FEATURED = "planner"
KINDS = ("all", "car", "bicycle", "pedestrian", "bus", "tram")


class NoResults(InvalidInput):
    """There is nothing to report."""

    code = "signals.report.no-results"

    def __init__(self) -> None:
        super().__init__(say("There are no runs to report. Run a comparison first."))


class Page:
    """The runs of a report, by controller, with what several of its parts need.

    Attributes:
        reference: The first controller, against which all others are compared.
        featured: The one that the heading is about: the planner where it was run, else the last one.
        series: Numbers that give each controller its colour and mark.
        kinds: Who is there, all vehicles together included where there are several kinds of them.
    """

    def __init__(self, results: Sequence[RunResult], words: Words) -> None:
        if not results:
            raise NoResults
        self.words = words
        self.results = results
        self.runs = by_controller(results)
        self.reference = next(iter(self.runs))
        self.others = [name for name in self.runs if name != self.reference]
        self.featured = FEATURED if FEATURED in self.others else [self.reference, *self.others][-1]
        self.series = {name: number for number, name in enumerate(self.runs)}
        self.kinds = self._kinds()

    def _kinds(self) -> list[str]:
        """Return who is there; all vehicles only where there are several kinds of them."""
        there = {each.kind for run in self.results for each in run.classes if each.count}
        if len(there - {"all", "pedestrian"}) == 1:
            there.discard("all")
        return [kind for kind in KINDS if kind in there] + sorted(there.difference(KINDS))

    @property
    def kinds_of_people(self) -> list[str]:
        """The kinds, without all vehicles together unless nothing else is known."""
        return [kind for kind in self.kinds if kind != "all"] or self.kinds

    def name(self, controller: str) -> str:
        """Return what people call a controller, within a sentence."""
        return self.words.known("name", controller, controller)

    def label(self, controller: str) -> str:
        """Return the same where no sentence stands around it."""
        name = self.words.known("name", controller, "")
        return name[:1].upper() + name[1:] or controller

    def kind(self, kind: str) -> str:
        """Return the name of a kind of road users."""
        return self.words.known("kind", kind, kind)

    def whom(self, kind: str) -> str:
        """Return for whom something changes: for cyclists."""
        return self.words.known("for", kind, self.words("whom", kind=kind))

    def of(self, name: str, kind: str) -> list[ClassResult]:
        """Return the results of a kind under a controller, one for each run that has any."""
        found = (run.of(kind) for run in self.runs[name])
        return [each for each in found if each is not None and each.count]

    def pairs(self, name: str, kind: str) -> list[tuple[ClassResult, ClassResult]]:
        """Return the results of a controller and of the reference for each seed that both have."""
        mine, theirs = (
            {(run.scenario, run.seed): run.of(kind) for run in self.runs[each]}
            for each in (name, self.reference)
        )
        both = ((mine[seed], theirs.get(seed)) for seed in mine)
        return [(one, other) for one, other in both if one and other and one.count and other.count]

    def span(self, found: Interval, decimals: int = 1, sign: bool = False) -> str:
        """Return the interval of a mean; nothing where there is one run only."""
        if found.count < 2:
            return ""
        if sign:
            low, high = self.signed(found.low, decimals), self.signed(found.high, decimals)
            return self.words("range", low=low, high=high)
        return self.between(found.low, found.high, decimals)

    def between(self, low: float, high: float, decimals: int) -> str:
        """Return a range of numbers, with a dash where no minus can be mistaken for it."""
        texts = [self.words.number(each, decimals) for each in (low, high)]
        if MINUS in "".join(texts):
            return self.words("range", low=texts[0], high=texts[1])
        return DASH.join(texts)

    def signed(self, value: float, decimals: int = 1) -> str:
        """Return a number with its sign."""
        text = self.words.number(value, decimals)
        return f"+{text}" if value > 0 and text[0] not in (MINUS, DASH) else text

    def percent(self, share: float, decimals: int = 0) -> str:
        """Return a share as per cent."""
        return self.words("percent", value=self.words.number(100 * share, decimals))

    def tick(self, value: float) -> str:
        """Return a number of an axis."""
        short = plots.plain(value)
        return short if "e" in short else self.words.number(value, len(short.partition(".")[2]))


def verdict(found: Interval) -> str:
    """Return ``less``, ``more``, ``same`` where the interval includes zero, ``open`` where one run tells nothing."""
    if found.count < 2:
        return "open"
    if found.low <= 0 <= found.high:
        return "same"
    return "less" if found.high < 0 else "more"


def count_locked(runs: Sequence[RunResult]) -> int:
    """Return in how many runs the traffic locked."""
    return sum(run.locked_at_s is not None for run in runs)


def change_of(page: Page, difference: Interval, reference: float) -> str:
    """Return how large a difference is, without its sign: in per cent, or in seconds where nothing was lost before."""
    size = abs(difference.mean)
    if not reference > 0:
        return page.words.amount(size, "s")
    share = size / reference
    return page.percent(share, 1 if share < 0.01 else 0)
