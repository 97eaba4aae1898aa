"""Addresses of the pages of tandems and visits, below a language."""

from django.urls import path

from tandem.exchange.views import tandem_staff, tandems, visits

_ONE = "tandems/<slug:slug>/"
_TOPIC = f"{_ONE}topics/<int:topic_pk>/"
_VISIT = f"{_ONE}visits/<uuid:pk>/"
tandem_urlpatterns = [
    path("tandems/", tandems.tandem_list, name="tandems"),
    path("tandems/calendar.ics", tandems.calendar, name="tandem_calendar"),
    path("tandems/due/", tandems.due, name="tandems_due"),
    path("tandems/new/", tandem_staff.new, name="tandem_new"),
    path(_ONE, tandems.tandem, name="tandem"),
    path(f"{_ONE}describe/", tandem_staff.edit, name="tandem_edit"),
    path(f"{_ONE}step/", tandem_staff.step, name="tandem_step"),
    path(f"{_ONE}end/", tandem_staff.end, name="tandem_end"),
    path(f"{_ONE}cities/new/", tandem_staff.invite, name="tandem_invite"),
    path(f"{_ONE}cities/<int:pk>/", tandem_staff.member, name="tandem_member"),
    path(f"{_ONE}learning/", tandems.learning, name="tandem_learning"),
    path(f"{_ONE}costs/", tandem_staff.costs, name="tandem_costs"),
    path(f"{_ONE}costs/new/", tandem_staff.cost, name="cost_new"),
    path(f"{_ONE}costs/<int:pk>/", tandem_staff.cost, name="cost"),
    path(f"{_ONE}report/", tandem_staff.report, name="tandem_report"),
    path(f"{_ONE}topics/new/", tandem_staff.topic, name="topic_new"),
    path(f"{_ONE}topics/<int:pk>/", tandems.topic, name="tandem_topic"),
    path(f"{_ONE}topics/<int:pk>/describe/", tandem_staff.topic, name="topic_edit"),
    path(f"{_TOPIC}agenda/new/", tandem_staff.agenda, name="agenda_new"),
    path(f"{_TOPIC}agenda/<int:pk>/", tandem_staff.agenda, name="agenda"),
    path(f"{_TOPIC}logbook/new/", tandem_staff.entry, name="entry_new"),
    path(f"{_TOPIC}logbook/<int:pk>/", tandem_staff.entry, name="entry"),
    path(f"{_TOPIC}decisions/new/", tandem_staff.decision, name="decision_new"),
    path(f"{_TOPIC}decisions/<int:pk>/", tandem_staff.decision, name="decision"),
    path(f"{_ONE}visits/", visits.visit_list, name="tandem_visits"),
    path(f"{_ONE}visits/new/", visits.edit, name="visit_new"),
    path(f"{_ONE}visits/<uuid:pk>.ics", visits.calendar, name="visit_calendar"),
    path(_VISIT, visits.visit, name="visit"),
    path(f"{_VISIT}describe/", visits.edit, name="visit_edit"),
    path(f"{_VISIT}programme/new/", visits.item, name="visit_item_new"),
    path(f"{_VISIT}programme/<slug:key>/", visits.item, name="visit_item"),
    path(f"{_VISIT}participants/new/", visits.participant, name="visit_participant_new"),
    path(f"{_VISIT}participants/<slug:key>/", visits.participant, name="visit_participant"),
    path(f"{_VISIT}report/", visits.report, name="visit_report"),
]
