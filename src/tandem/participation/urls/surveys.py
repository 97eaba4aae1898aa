"""Addresses of surveys, below a phase."""

from django.urls import path

from tandem.participation.views import survey_answering, survey_office, surveys

_TRIAL = {"is_trial": True}
urlpatterns = [
    path("survey/", survey_answering.answer, name="survey_answer"),
    path("survey/together/", survey_answering.together, name="survey_together"),
    path("survey/review/", survey_answering.review, name="survey_review"),
    path("survey/thanks/", survey_answering.thanks, name="survey_thanks"),
    path("survey/code/", survey_answering.code, name="survey_code"),
    path("survey/results.<slug:kind>", surveys.results_file, name="survey_results"),
    path("survey/trial/", survey_answering.answer, _TRIAL, name="survey_trial_answer"),
    path("survey/trial/together/", survey_answering.together, _TRIAL, name="survey_trial_together"),
    path("survey/trial/review/", survey_answering.review, _TRIAL, name="survey_trial_review"),
    path("survey/edit/", survey_office.edit, name="survey_edit"),
    path("survey/edit/new/", survey_office.question, name="survey_question_new"),
    path("survey/edit/<slug:key>/", survey_office.question, name="survey_question"),
    path("survey/edit/<slug:key>/ways/", survey_office.ways, name="survey_ways"),
    path("survey/paper/", survey_office.paper, name="survey_paper"),
    path("survey/responses.<slug:kind>", survey_office.responses_file, name="survey_responses"),
]
