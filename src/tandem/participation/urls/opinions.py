"""Addresses of opinion maps, below a phase."""

from django.urls import path

from tandem.participation.views import opinion_office, opinion_results_page, opinions

urlpatterns = [
    path("opinions/vote/", opinions.vote, name="opinion_vote"),
    path("opinions/mine/", opinions.mine, name="opinion_mine"),
    path("opinions/write/", opinions.write, name="opinion_write"),
    path("opinions/statements/", opinions.statements, name="opinion_statements"),
    path(
        "opinions/statements.<slug:kind>",
        opinion_results_page.statements_file,
        name="opinion_statements_file",
    ),
    path("opinions/results/", opinion_results_page.results, name="opinion_results"),
    path("opinions/settings/", opinion_office.settings, name="opinion_settings"),
    path("opinions/paper/", opinion_office.paper, name="opinion_paper"),
    path("opinions/polis.zip", opinion_office.export, name="opinion_export"),
]
