"""The software that made a page and its runs."""

from html import escape

from tandem import __version__
from tandem.signals.experiment.report import elements
from tandem.signals.experiment.report.page import Page

NAMES = {
    "tandem": "Tandem",
    "python": "Python",
    "libsumo": "SUMO (libsumo)",
    "numpy": "NumPy",
    "numba": "Numba",
}
_IN_SHORT = ("libsumo", "tandem")


def made_with(page: Page) -> str:
    """Return the versions that the runs were computed with, and a warning where they differ."""
    words = page.words
    found = _versions(page)
    heads = [words("software"), words("version")]
    rows = [[escape(NAMES.get(name, name)), escape(words.list(versions))] for name, versions in found.items()]
    differ = any(len(versions) > 1 for versions in found.values())
    return "".join(
        [
            f"<h3>{escape(words('versions'))}</h3>",
            elements.notice(words("versions-differ-head"), [words("versions-differ")]) if differ else "",
            f"<p>{escape(words('versions-page', version=__version__))}</p>",
            elements.table(words("versions"), heads, rows),
        ]
    )


def simulated_with(page: Page) -> str:
    """Return the simulator and Tandem in one sentence; nothing where no run recorded them."""
    found = _versions(page)
    known = [
        f"{NAMES[name]} {page.words.list(found[name])}"
        for name in _IN_SHORT
        if any(name in run.versions for run in page.results)
    ]
    return page.words("simulated-with", software=page.words.list(known)) if known else ""


def _versions(page: Page) -> dict[str, list[str]]:
    """Return all versions of each piece of software, in the order in which runs name them."""
    unknown = page.words("versions-unknown")
    names = dict.fromkeys([*NAMES, *(name for run in page.results for name in run.versions)])
    return {
        name: list(dict.fromkeys(run.versions.get(name, unknown) for run in page.results)) for name in names
    }
