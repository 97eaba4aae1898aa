"""What is new, as Atom: datasets of the catalogue, and versions of one dataset's files."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset, TableVersion
from tandem.catalogue.services import browse
from tandem.catalogue.views import shown
from tandem.core.text import printable
from tandem.kit.installation import city, config
from tandem.kit.numbers import figure
from tandem.kit.open_to_all import open_to_all

ENTRIES = 50


@open_to_all
@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    """Return the datasets that were published or changed last; ``?city=`` keeps to one city's."""
    rows = Dataset.objects.filter(status=Status.PUBLISHED).select_related("source").order_by("-changed_at")
    wanted = printable(request.GET.get("city", ""))
    if wanted == city().id:
        rows = rows.filter(source=None)
    elif wanted:
        rows = rows.filter(source__city=wanted)
    name = browse.city_name(wanted or city().id, get_language() or "en")
    feed = _feed(request, gettext("New data from %(city)s") % {"city": name}, reverse("catalogue:list"))
    for row in rows[:ENTRIES]:
        feed.add_item(
            title=printable(shown.texts(row.description.get("titles", {})) or row.slug),
            link=_absolute(reverse("catalogue:dataset", args=[row.slug])),
            description=printable(shown.texts(row.description.get("descriptions", {}))[:2_000]),
            unique_id=row.iri,
            pubdate=row.published_at or row.created_at,
            updateddate=row.changed_at,
        )
    return _answer(feed)


@open_to_all
@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the versions of a dataset's files, the newest first."""
    dataset = access.visible_dataset(request, slug)
    if dataset.status == Status.WITHDRAWN:
        return HttpResponse(dataset.withdrawal_reason, status=410, content_type="text/plain; charset=utf-8")
    title, page = shown.texts(dataset.description["titles"]), reverse("catalogue:dataset", args=[slug])
    rows = TableVersion.objects.filter(distribution__dataset=dataset).select_related("distribution")
    feed = _feed(request, gettext("New versions of %(dataset)s") % {"dataset": title}, page)
    for row in rows.defer("report").order_by("-created_at")[:ENTRIES]:
        named = shown.texts(row.distribution.description.get("titles", {})) or row.filename
        feed.add_item(
            title=printable(gettext("%(file)s, version %(number)s") % {"file": named, "number": row.number}),
            link=_absolute(page),
            description=gettext("%(rows)s rows") % {"rows": figure(row.rows)},
            unique_id=f"{dataset.iri}#{row.distribution_id}-{row.number}",
            pubdate=row.created_at,
            updateddate=row.created_at,
        )
    return _answer(feed)


def _absolute(path: str) -> str:
    return f"{config().server.url}{path}"


def _feed(request: HttpRequest, title: str, page: str) -> Atom1Feed:
    return Atom1Feed(
        title=printable(title),
        link=_absolute(page),
        description=printable(title),
        language=get_language(),
        feed_url=_absolute(request.get_full_path()),
        author_name=city().name(get_language() or "en"),
    )


def _answer(feed: Atom1Feed) -> HttpResponse:
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
