"""Addresses of the pages of adopted indicators, below a language."""

from django.urls import path

from tandem.exchange.views import indicator_staff, indicators

_ONE = "indicators/<slug:slug>/"
indicator_urlpatterns = [
    path("indicators/", indicators.indicator_list, name="indicators"),
    path("indicators/offer/", indicator_staff.offer, name="indicators_offer"),
    path(_ONE, indicators.indicator, name="indicator"),
    path(f"{_ONE}values.csv", indicators.values, name="indicator_csv"),
    path(f"{_ONE}describe/", indicator_staff.edit, name="indicator_edit"),
    path(f"{_ONE}values/new/", indicator_staff.value, name="indicator_value_new"),
    path(f"{_ONE}values/upload/", indicator_staff.upload, name="indicator_upload"),
    path(f"{_ONE}values/<int:pk>/", indicator_staff.value, name="indicator_value"),
]
