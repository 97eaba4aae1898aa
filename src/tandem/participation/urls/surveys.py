"""Addresses of surveys, below a phase."""

from django.urls import path

from tandem.participation.views import surveys

urlpatterns = [
    path("survey/", surveys.answer, name="survey_answer"),
    path("survey/edit/", surveys.edit, name="survey_edit"),
    path("survey/edit/new/", surveys.question, name="survey_question_new"),
    path("survey/edit/<slug:key>/", surveys.question, name="survey_question"),
    path("survey/paper/", surveys.paper, name="survey_paper"),
    path("survey/responses.<slug:kind>", surveys.responses_file, name="survey_responses"),
]
