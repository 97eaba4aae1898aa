"""Pictures of how many wait how long."""

from collections.abc import Sequence

from tandem.signals.experiment import plots
from tandem.signals.experiment.report import figures
from tandem.signals.experiment.report.page import Page
from tandem.signals.experiment.results import (
    WAIT_BIN_S,
    ClassResult,
)

LONG_WAITS_S = (60, 90, 120)
WAITS_IN_TABLE_S = (10, 20, 30, 45, 60, 90, 120, 180, 240, 300)


def shares_by_wait(found: Sequence[ClassResult]) -> tuple[float, ...]:
    """Return the share of those who waited at least 0, 5, 10 … 300 s, all runs together; none for nobody.

    >>> few = ClassResult("car", 4, 4, 0.0, 0.0, 0.0, 0.0, 0.0, (2, 1, 1))
    >>> shares_by_wait([few])
    (1.0, 0.5, 0.25)
    """
    bins = [sum(counts) for counts in zip(*(each.waits for each in found), strict=False)]
    total = sum(bins)
    return tuple(sum(bins[number:]) / total for number in range(len(bins))) if total else ()


def _share_at(shares: Sequence[float], seconds: int) -> float:
    place = seconds // WAIT_BIN_S
    return shares[place] if place < len(shares) else 0.0


def waits_plots(page: Page) -> str:
    """Return the share of those who wait at least so long, a picture for each kind."""
    drawn = "".join(_waits_plot(page, kind) for kind in page.kinds)
    return figures.picture(page, "plot-waits", figures.beside(drawn), legend=figures.legend(page))


def _waits_plot(page: Page, kind: str) -> str:
    words = page.words
    shares = {name: shares_by_wait(page.of(name, kind)) for name in page.runs}
    shares = {name: found for name, found in shares.items() if found}
    drawn = [
        plots.Line(
            page.label(name),
            page.series[name],
            tuple((float(WAIT_BIN_S * number), 100 * share) for number, share in enumerate(_to_zero(found))),
        )
        for name, found in shares.items()
    ]
    if not drawn:
        return ""
    title = f"{words('plot-waits')}: {page.kind(kind)}"
    drawing = plots.lines(
        drawn,
        title=title,
        about=words("plot-waits-text"),
        units=(words("axis-seconds"), words("axis-share")),
        tick=page.tick,
    )
    rows = [
        [
            words("at-least", seconds=seconds),
            *(page.percent(_share_at(found, seconds), 1) for found in shares.values()),
        ]
        for seconds in WAITS_IN_TABLE_S
    ]
    return figures.figure(
        page, title, drawing, [words("wait"), *map(page.label, shares)], rows, caption=page.kind(kind)
    )


def _to_zero(shares: Sequence[float]) -> Sequence[float]:
    """Return shares up to the first that is zero."""
    above = sum(share > 0 for share in shares)
    return shares[: above + 1]


def share_plots(page: Page) -> str:
    """Return the shares of long waits, a picture for each kind, all on one scale."""
    most = max(
        _share_at(shares_by_wait(page.of(name, kind)), LONG_WAITS_S[0])
        for name in page.runs
        for kind in page.kinds
    )
    drawn = "".join(_share_plot(page, kind, most=100 * most) for kind in page.kinds)
    return figures.picture(page, "plot-shares", figures.beside(drawn))


def _share_plot(page: Page, kind: str, *, most: float) -> str:
    words = page.words
    found = {name: shares_by_wait(page.of(name, kind)) for name in page.runs}
    found = {name: shares for name, shares in found.items() if shares}
    if not found:
        return ""
    groups, rows = [], []
    for seconds in LONG_WAITS_S:
        head = words("at-least", seconds=seconds)
        values = {name: _share_at(shares, seconds) for name, shares in found.items()}
        lines = [
            plots.Row(
                page.label(name), page.series[name], (100 * share,), 0.0, 100 * share, page.percent(share, 1)
            )
            for name, share in values.items()
        ]
        groups.append((head, lines))
        rows.append([head, *(page.percent(share, 2) for share in values.values())])
    title = f"{words('plot-shares')}: {page.kind(kind)}"
    drawing = plots.rows(
        groups,
        title=title,
        about=words("plot-shares-text"),
        unit=words("axis-share"),
        most=most,
        tick=page.tick,
    )
    return figures.figure(
        page, title, drawing, [words("wait"), *map(page.label, found)], rows, caption=page.kind(kind)
    )
