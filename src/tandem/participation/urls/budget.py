"""Addresses of participatory budgets, below a phase."""

from django.urls import path

from tandem.participation.views import budget_check, budget_office, budget_result, budget_vote

urlpatterns = [
    path("check/<int:key>/", budget_check.check, name="proposal_check"),
    path("check/table/", budget_check.table, name="proposal_table"),
    path("check/table.<slug:kind>", budget_check.table_file, name="proposal_table_file"),
    path("vote/", budget_vote.ballot, name="vote_ballot"),
    path("vote/thanks/", budget_vote.thanks, name="vote_thanks"),
    path("vote/rule/", budget_office.settings, name="vote_settings"),
    path("vote/codes/", budget_office.codes, name="vote_codes"),
    path("vote/paper/", budget_office.paper, name="vote_paper"),
    path("vote/result/", budget_result.reckon, name="vote_reckon"),
    path("vote/proposals/<int:key>/", budget_result.explained, name="vote_explained"),
    path("vote/election.pb", budget_result.pabulib_file, name="vote_election"),
]
