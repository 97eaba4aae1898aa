"""Addresses of the exchange's pages, below a language."""

from django.urls import path

from tandem.exchange.adoption_urls import adoption_urlpatterns
from tandem.exchange.indicator_urls import indicator_urlpatterns
from tandem.exchange.matching_urls import matching_urlpatterns
from tandem.exchange.tandem_urls import tandem_urlpatterns
from tandem.exchange.trust_urls import trust_urlpatterns
from tandem.exchange.views import measure_life, measure_staff, measures

app_name = "exchange"
_ONE = "measures/<slug:slug>/"
_measures = [
    path("measures/", measures.measure_list, name="measures"),
    path("measures/new/", measure_staff.new, name="measure_new"),
    path("measures/work/", measure_staff.work, name="measure_work"),
    path("measures/watched/", measures.watched, name="measures_watched"),
    path(_ONE, measures.measure, name="measure"),
    path(f"{_ONE}<str:number>.zip", measures.bundle, name="measure_bundle"),
    path(f"{_ONE}watch/", measures.watch, name="measure_watch"),
    path(f"{_ONE}edit/<slug:step>/", measure_staff.edit, name="measure_edit"),
    path(f"{_ONE}edit/<slug:step>/check/", measure_staff.check, name="measure_check"),
    path(f"{_ONE}parts/", measure_staff.parts, name="measure_parts"),
    path(f"{_ONE}evidence/", measure_staff.evidence, name="measure_evidence"),
    path(f"{_ONE}history/", measure_staff.history, name="measure_history"),
    path(f"{_ONE}announce/", measure_life.announce, name="measure_announce"),
    path(f"{_ONE}submit/", measure_life.submit, name="measure_submit"),
    path(f"{_ONE}send-back/", measure_life.send_back, name="measure_send_back"),
    path(f"{_ONE}publish/", measure_life.publish, name="measure_publish"),
    path(f"{_ONE}release/", measure_life.release, name="measure_release"),
    path(f"{_ONE}withdraw/", measure_life.withdraw, name="measure_withdraw"),
    path(f"{_ONE}discard/", measure_life.discard, name="measure_discard"),
]
urlpatterns = [
    *adoption_urlpatterns,
    *_measures,
    *indicator_urlpatterns,
    *tandem_urlpatterns,
    *trust_urlpatterns,
    *matching_urlpatterns,
]
