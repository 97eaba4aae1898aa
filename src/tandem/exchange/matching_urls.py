"""Addresses of the pages of matching, below a language."""

from django.urls import path

from tandem.exchange.views import matching, matching_consent, matching_staff

_ONE = "matching/<slug:slug>/"
_CITY = f"{_ONE}cities/<slug:city>/"
_RESULT = f"{_ONE}results/<int:number>/"
_PROPOSAL = f"{_ONE}answers/<int:pk>/"
matching_urlpatterns = [
    path("matching/", matching.round_list, name="rounds"),
    path("matching/new/", matching_staff.new, name="round_new"),
    path(_ONE, matching.round_page, name="round"),
    path(f"{_ONE}describe/", matching_staff.describe, name="round_describe"),
    path(f"{_ONE}step/", matching_staff.step, name="round_step"),
    path(f"{_ONE}history/", matching.history, name="round_history"),
    path(f"{_ONE}cities/", matching_staff.cities, name="round_cities"),
    path(f"{_ONE}cities.csv", matching_staff.give_file, name="round_file"),
    path(f"{_ONE}city/new/", matching_staff.city, name="round_city_new"),
    path(f"{_ONE}file/", matching_staff.take_file, name="round_take_file"),
    path(_CITY, matching_staff.city, name="round_city"),
    path(f"{_CITY}leave/", matching_consent.leave, name="round_leave"),
    path(f"{_ONE}rules/", matching_staff.rules, name="round_rules"),
    path(f"{_ONE}rules/drop/", matching_staff.drop_rule, name="round_rule_drop"),
    path(f"{_ONE}check/", matching_staff.check, name="round_check"),
    path(f"{_ONE}match/", matching_staff.match, name="round_match"),
    path(_RESULT, matching.result, name="result"),
    path(f"{_RESULT}cities/", matching.result_cities, name="result_cities"),
    path(f"{_RESULT}rather/", matching.result_blocking, name="result_blocking"),
    path(f"{_RESULT}compared/", matching.result_compared, name="result_compared"),
    path(f"{_RESULT}pairs/<slug:one>/<slug:other>/", matching.result_pair, name="result_pair"),
    path(f"{_RESULT}look-up/", matching_staff.look_up, name="result_look_up"),
    path(f"{_RESULT}what-if/", matching_staff.what_if, name="result_what_if"),
    path(f"{_RESULT}take/", matching_consent.take, name="result_take"),
    path(f"{_RESULT}join/", matching_consent.join, name="result_join"),
    path(f"{_RESULT}discard/", matching_staff.discard, name="result_discard"),
    path(f"{_ONE}answers/", matching_consent.consent, name="round_consent"),
    path(_PROPOSAL, matching_consent.answer, name="round_answer"),
    path(f"{_PROPOSAL}tandem/", matching_consent.tandem, name="round_tandem"),
]
