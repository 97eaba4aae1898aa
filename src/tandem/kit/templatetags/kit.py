"""Tags and filters of every page. The library is built in: no ``{% load kit %}`` is needed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField, MultiWidget
from django.template.context import Context
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, json_script, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from tandem.core.findings import Finding, Severity, count_by_severity
from tandem.core.text import pick
from tandem.kit.charts import Chart, Plot
from tandem.kit.maps import Map
from tandem.kit.numbers import euros, file_size
from tandem.kit.pagination import Step, steps
from tandem.kit.series import ScatterChart, ScatterPlot, SeriesChart, SeriesPlot
from tandem.kit.spoken import spoken

register = template.Library()


# --- forms --------------------------------------------------------------------------------------
@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Print a form's field: label, hint, error, widget."""
    return bound.as_field_group()


@register.inclusion_tag("kit/parts/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """Print every field of a form."""
    return {"form": form}


@register.inclusion_tag("kit/parts/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any] | None) -> dict[str, Any]:
    """Print what is wrong with the forms, each with a link to its field; nothing where all is well."""
    return {"errors": [entry for form in _flat(forms) for entry in _errors(form)]}


def _flat(forms: Iterable[BaseForm | BaseFormSet[Any] | None]) -> Iterable[BaseForm | BaseFormSet[Any]]:
    for form in forms:
        if isinstance(form, BaseFormSet):
            yield form
            yield from form.forms
        elif form is not None:
            yield form


def _errors(form: BaseForm | BaseFormSet[Any]) -> list[tuple[str, str, str]]:
    """Return each error as target, label and message; errors of the whole form have no target."""
    if not form.is_bound:
        return []
    if isinstance(form, BaseFormSet):
        return [("", "", str(message)) for message in form.non_form_errors()]
    whole = [
        *form.non_field_errors(),
        *(message for bound in form.hidden_fields() for message in bound.errors),
    ]
    fields = [(bound, message) for bound in form.visible_fields() for message in bound.errors]
    return [
        *(("", "", str(message)) for message in whole),
        *((_target(bound), str(bound.label), str(message)) for bound, message in fields),
    ]


def _target(bound: BoundField) -> str:
    """Return the id of the first control of a field."""
    if isinstance(bound.field.widget, MultiWidget):
        return f"{bound.auto_id}_0"
    first = next(iter(bound.subwidgets), None) if bound.use_fieldset else None
    found = first.id_for_label if first else bound.id_for_label
    return str(found or bound.auto_id)


@register.simple_tag
def keep_typed(key: str) -> SafeString:
    """Print the attributes that make a form keep what was typed, under ``key``, until it was taken."""
    return format_html(
        ' data-keep="{}" data-keep-text="{}" data-keep-discard="{}"',
        key,
        gettext("What you typed here before is back in its fields."),
        gettext("Discard it"),
    )


@register.simple_tag
def upload_progress() -> SafeString:
    """Print the attributes that make a form show how much of its files has been sent."""
    return format_html(
        ' data-upload-progress data-upload-label="{}" data-upload-sending="{}" data-upload-checking="{}"'
        ' data-upload-failed="{}" data-upload-stop="{}" data-upload-stopped="{}"',
        gettext("Progress of the upload"),
        gettext("The file is being sent …"),
        gettext("The file has arrived and is being checked …"),
        gettext("The file could not be sent. What you typed is still here; please try again."),
        gettext("Stop sending"),
        gettext("Sending was stopped. Nothing was saved."),
    )


# --- lists --------------------------------------------------------------------------------------
@register.inclusion_tag("kit/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any] | Any, parameter: str = "page") -> dict[str, Any]:
    """Print the way through the pages of a list, keeping the rest of the query string.

    Args:
        context: The page's context.
        page: Django's ``Page``, or anything with ``number`` and ``num_pages``.
        parameter: The query parameter that carries the page's number.
    """
    last = page.paginator.num_pages if isinstance(page, Page) else page.num_pages
    links = [(step, _page_url(context, parameter, step)) for step in steps(page.number, last)]
    around = {-1: page.number - 1, 1: page.number + 1}
    return {
        "links": links if last > 1 else [],
        "number": page.number,
        "last": last,
        "previous": query_string(context, **{parameter: around[-1]}) if page.number > 1 else "",
        "following": query_string(context, **{parameter: around[1]}) if page.number < last else "",
    }


def _page_url(context: Context, parameter: str, step: Step) -> str:
    return "" if step.number is None else query_string(context, **{parameter: step.number})


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    """Return the page's query string with changes; None takes a parameter away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(each) for each in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("kit/parts/tag_list.html")
def tag_list(tags: Iterable[Any]) -> dict[str, Any]:
    """Print tags: plain texts, or pairs of text and address."""
    pairs = [tag if isinstance(tag, tuple) else (tag, "") for tag in tags]
    return {"tags": pairs}


@register.inclusion_tag("kit/parts/facet.html")
def facet(title: str, options: Iterable[Any], *, shown: int = 8) -> dict[str, Any]:
    """Print one facet: its options as links with counts; those beyond ``shown`` fold away.

    Args:
        title: What the options are.
        options: Objects or dicts with ``label``, ``count``, ``url`` and ``selected``.
        shown: How many options are in sight.
    """
    found = list(options)
    return {"title": title, "options": found[:shown], "more": found[shown:]}


@register.inclusion_tag("kit/parts/tabs.html", takes_context=True)
def tabs(context: Context, label: str, entries: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Print links that look like tabs; the one with the page's address is the current one, else that with its path.

    Args:
        context: The page's context.
        label: What the tabs are about, for screen readers.
        entries: Pairs of text and address.
    """
    known, request = list(entries), context["request"]
    whole = request.get_full_path()
    here = whole if whole in {url for _text, url in known} else request.path
    return {"label": label, "entries": [(text, url, url == here) for text, url in known]}


@register.inclusion_tag("kit/parts/stepper.html")
def stepper(steps: Iterable[tuple[str, str]], current: int) -> dict[str, Any]:
    """Print the steps of a longer task.

    Args:
        steps: Pairs of text and address; an empty address is no link.
        current: Number of the step that the page is, from 1.
    """
    found = [(number, text, url) for number, (text, url) in enumerate(steps, start=1)]
    return {"steps": found, "current": current, "count": len(found)}


@register.inclusion_tag("kit/parts/search_box.html")
def search_box(label: str, action: str, value: str = "", name: str = "q", hint: str = "") -> dict[str, Any]:
    """Print a search form for one list."""
    return {"label": label, "action": action, "value": value, "name": name, "hint": hint}


register.filter("spoken", spoken)
register.filter("euros", euros)


@register.inclusion_tag("kit/parts/findings.html")
def findings(found: Iterable[Finding]) -> dict[str, Any]:
    """Print what a validator found: the counts, then each finding, the worst first."""
    rows = list(found)
    rank = {severity: number for number, severity in enumerate(Severity)}
    counts = {severity.value: count for severity, count in count_by_severity(rows).items()}
    return {"findings": sorted(rows, key=lambda each: rank[each.severity]), "counts": counts}


# --- small things -------------------------------------------------------------------------------
TONES = {
    "draft": "neutral",
    "waiting": "neutral",
    "retired": "neutral",
    "cancelled": "neutral",
    "planned": "info",
    "review": "info",
    "running": "info",
    "open": "success",
    "published": "success",
    "succeeded": "success",
    "interrupted": "warning",
    "warning": "warning",
    "withdrawn": "warning",
    "failed": "error",
    "error": "error",
}


@register.simple_tag
def status(kind: str, label: str) -> SafeString:
    """Print the state of a thing. Its word carries the meaning, its colour helps.

    Args:
        kind: A state's own name (``draft``, ``published``, ``failed`` …) or a tone: ``neutral``,
            ``info``, ``success``, ``warning``, ``error``. An unknown one is neutral.
        label: The state's word.
    """
    tone = TONES.get(str(kind), str(kind) if str(kind) in TONES.values() else "neutral")
    return format_html('<span class="status {}">{}</span>', tone, label)


@register.inclusion_tag("kit/parts/progress.html", takes_context=True)
def progress(context: Context, share: float, label: str, *, url: str = "") -> dict[str, Any]:
    """Print a progress line that follows the job by itself where scripts run.

    Args:
        context: The page's context.
        share: Done, 0 to 1.
        label: What is going on.
        url: Where the job's state is as JSON: ``state``, ``share``, ``message``.
    """
    here = context["request"].get_full_path() if url else ""
    return {"per_cent": round(max(0.0, min(1.0, share)) * 100), "label": label, "url": url, "here": here}


@register.simple_tag
def breadcrumb(label: Any, url_name: str = "", *arguments: Any, **named: Any) -> SafeString:
    """Print one step of the way to the page: a text, and the name of its address or the address."""
    if not url_name:
        return format_html('<li aria-current="page">{}</li>', label)
    url = (
        url_name
        if url_name.startswith("/")
        else reverse(url_name, args=arguments or None, kwargs=named or None)
    )
    return format_html('<li><a href="{}">{}</a></li>', url, label)


@register.inclusion_tag("kit/parts/chart.html", takes_context=True)
def chart(context: Context, shown: Chart | SeriesChart | ScatterChart) -> dict[str, Any]:
    """Print a chart with its numbers."""
    number = _number(context, "chart")
    if isinstance(shown, SeriesChart):
        return {
            "chart": shown,
            "plot": SeriesPlot(shown, number=number),
            "part": "kit/parts/chart_series.html",
        }
    if isinstance(shown, ScatterChart):
        return {
            "chart": shown,
            "plot": ScatterPlot(shown, number=number),
            "part": "kit/parts/chart_scatter.html",
        }
    return {"chart": shown, "plot": Plot(shown, number=number)}


@register.inclusion_tag("kit/parts/map.html", takes_context=True)
def map_view(context: Context, shown: Map) -> dict[str, Any]:
    """Print a map with the list beside it that does the same."""
    number = _number(context, "map")
    return {"map": shown, "number": number, "island": f"map-{number}", "config": shown.as_json()}


def _number(context: Context, kind: str) -> int:
    """Return the how-manieth of its kind on the page the thing is, from 1."""
    counts = getattr(context.get("frame"), "counts", None)
    if counts is None:
        kept: dict[Any, Any] = context.render_context.dicts[0]
        counts = kept.setdefault("kit_counts", Counter())
    counts[kind] += 1
    return int(counts[kind])


# --- filters ------------------------------------------------------------------------------------
@register.filter
def in_language(texts: Mapping[str, str] | str | None) -> str:
    """Return the text in the page's language, or the nearest there is."""
    if isinstance(texts, str):
        return texts
    return pick(texts or {}, get_language() or "en")


@register.simple_tag
def texts_attr(texts: Mapping[str, str] | str | None) -> SafeString:
    """Print ``lang="…"`` where ``in_language`` had to take another language than the page's."""
    language = get_language() or "en"
    if not isinstance(texts, Mapping) or texts.get(language):
        return SafeString("")
    other = next((each for each in ("en", *texts) if texts.get(each)), "")
    return format_html(' lang="{}"', other) if other else SafeString("")


@register.filter
def filesize(size: int | float | str | None) -> str:
    """Return a number of bytes in the page's language: 1,2 MB (10**6 bytes)."""
    return file_size(size)


@register.filter
def json_island(data: Any, element_id: str) -> SafeString:
    """Return data as JSON in a script element that no browser runs."""
    return json_script(data, element_id)


@register.filter
def json_ld(data: Any) -> SafeString:
    """Return linked data for search engines in a script element that no browser runs."""
    return SafeString(json_script(data).replace('"application/json"', '"application/ld+json"', 1))


@register.filter
def as_title(content: Any) -> SafeString:
    """Return a heading's content without its elements, for the page's title."""
    return SafeString(strip_tags(conditional_escape(content)))


@register.filter
def unlocalise(value: object) -> str:
    """Return a number as it is stored, for what is no quantity: years, codes."""
    return str(value)


@register.filter
def yes_no(value: object) -> str:
    """Return the word for a truth."""
    return gettext("yes") if value else gettext("no")
