"""Addresses of the pages about trust, below a language."""

from django.urls import path

from tandem.exchange.views import trust

_CITY = "partners/trust/<slug:city>/"
trust_urlpatterns = [
    path("partners/trust/", trust.overview, name="trust"),
    path(_CITY, trust.city, name="trust_city"),
    path(f"{_CITY}visit/", trust.visit, name="trust_visit"),
    path(f"{_CITY}decide/", trust.decide, name="trust_decide"),
    path(f"{_CITY}keys/new/", trust.add_key, name="trust_key"),
    path(f"{_CITY}keys/<int:pk>/pin/", trust.pin, name="trust_pin"),
    path(f"{_CITY}keys/<int:pk>/revoke/", trust.revoke, name="trust_revoke"),
]
