"""Addresses of moderation, answers, and what is one's own, below ``take-part/``."""

from django.urls import path

from tandem.participation.views import answers, mine, moderation

urlpatterns = [
    path("moderation/", moderation.queue, name="queue"),
    path("moderation/log/", moderation.log, name="moderation_log"),
    path("moderation/hide/", moderation.hide_many, name="queue_hide"),
    path("moderation/<uuid:pk>/", moderation.item, name="queue_item"),
    path("report/<slug:kind>/<uuid:key>/", moderation.report, name="report"),
    path("decisions/<uuid:pk>/", moderation.decision, name="decision"),
    path("answers/", answers.waiting, name="answers_waiting"),
    path("answers/<uuid:pk>/", answers.answer, name="answer"),
    path("mine/", mine.mine, name="mine"),
    path("mine/export/", mine.export, name="mine_export"),
    path("mine/erase/", mine.erase, name="mine_erase"),
    path("mail/stop/<str:token>/", mine.stop_mail, name="stop_mail"),
    path("<slug:slug>/answers/", answers.answer_many, name="answers"),
    path("<slug:slug>/outcome/", answers.outcome, name="outcome"),
]
