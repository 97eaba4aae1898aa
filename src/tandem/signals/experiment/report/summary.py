"""What a council member wants to know, in sentences."""

from html import escape

from tandem.signals.experiment import plots
from tandem.signals.experiment.report import elements
from tandem.signals.experiment.report.against import against
from tandem.signals.experiment.report.glance import glance
from tandem.signals.experiment.report.page import Page, count_locked


def summary(page: Page) -> str:
    """Return what was compared, who gains and who loses, and how to read it."""
    parts = [_compared(page), _warnings(page), glance(page), _background(page), _who(page)]
    parts += [against(page, name) for name in page.others]
    notes = [page.words(f"how-{name}") for name in ("delay", "longest", "interval", "quality", "all")]
    how = f"<h3>{escape(page.words('how'))}</h3>" + elements.bullets([escape(note) for note in notes])
    return "".join([*parts, f'<div class="how">{how}</div>'])


def _compared(page: Page) -> str:
    words = page.words
    minutes = sorted({run.duration_s / 60 for run in page.results})
    length = words.list([words.number(each, 0 if each == int(each) else 1) for each in minutes])
    minutes_each = words("minutes", count=length)
    runs, names = words.runs(len(page.results)), words.list([page.name(each) for each in page.runs])
    if not page.others:
        return f'<p class="lead">{escape(words("only", names=names, runs=runs, minutes=minutes_each))}</p>'
    counts = sorted(len(each) for each in page.runs.values())
    key = "seeds-some" if counts[0] != counts[-1] else "seeds-1" if counts[0] == 1 else "seeds-n"
    seeds = words(key, least=counts[0], most=counts[-1], count=counts[0])
    compared = words("compared", names=names, runs=runs, minutes=minutes_each, seeds=seeds)
    return f'<p class="lead">{escape(compared)}</p>'


def _warnings(page: Page) -> str:
    """Return what is to be said before any number: runs in which the traffic locked, and too few runs."""
    words = page.words
    locked = {name: count for name, runs in page.runs.items() if (count := count_locked(runs))}
    found = [
        words("locked", name=page.name(name), count=words("share-of", count=count, all=len(page.runs[name])))
        for name, count in locked.items()
    ]
    text = elements.notice(words("locked-head"), [*found, words("locked-means")], kind="bad") if found else ""
    if any(len(page.pairs(name, kind)) == 1 for name in page.others for kind in page.kinds):
        text += elements.notice(words("few-head"), [words("few")])
    return text


def _background(page: Page) -> str:
    words = page.words
    said = [words("reference", name=page.name(page.reference))] if page.others else []
    if not count_locked(page.results):
        said.append(words("unlocked"))
    return "".join(f"<p>{escape(each)}</p>" for each in said)


def _who(page: Page) -> str:
    return f'<dl class="who">{"".join(_who_is(page, name) for name in page.runs)}</dl>'


def _who_is(page: Page, name: str) -> str:
    about = page.words.known("controller", name, page.words("controller-unknown"))
    label = page.label(name)
    code = f' <code class="below">{escape(name)}</code>' if label != name else ""
    return f"<div><dt>{plots.key(page.series[name], label)}{code}</dt><dd>{escape(about)}</dd></div>"
