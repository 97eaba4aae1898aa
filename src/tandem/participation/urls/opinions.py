"""Addresses of opinion maps, below a phase."""

from django.urls import path

from tandem.participation.views import opinions

urlpatterns = [
    path("opinions/vote/", opinions.vote, name="opinion_vote"),
    path("opinions/mine/", opinions.mine, name="opinion_mine"),
    path("opinions/write/", opinions.write, name="opinion_write"),
    path("opinions/settings/", opinions.settings, name="opinion_settings"),
    path("opinions/polis.zip", opinions.export, name="opinion_export"),
]
