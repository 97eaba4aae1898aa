"""The page of the partner cities."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tandem.catalogue import access
from tandem.catalogue.services import browse
from tandem.core.text import pick
from tandem.kit import installation


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Show the partner cities and what was taken over from each."""
    language = get_language() or "en"
    cities = [
        {
            "key": each.source.key,
            "name": pick(each.source.titles, language, default=each.source.key),
            "homepage": each.source.homepage,
            "count": each.count,
            "last": each.last_harvest,
            "list_url": f"{reverse('catalogue:list')}?city={each.source.city or each.source.key}",
            "newest": [
                {
                    "url": reverse("catalogue:dataset", args=[row.slug]),
                    "title": pick(row.description.get("titles", {}), language, default=row.slug),
                }
                for row in each.newest
            ],
        }
        for each in browse.partners()
    ]
    page = {"partners": cities, "may_harvest": access.may_harvest(request), "city": installation.city()}
    return render(request, "catalogue/partners.html", page)
