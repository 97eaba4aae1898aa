"""Addresses of participatory budgets, below a phase."""

from django.urls import path

from tandem.participation.views import budget_check, budget_result, budget_vote

urlpatterns = [
    path("check/<int:key>/", budget_check.check, name="proposal_check"),
    path("vote/", budget_vote.ballot, name="vote_ballot"),
    path("vote/thanks/", budget_vote.thanks, name="vote_thanks"),
    path("vote/rule/", budget_vote.settings, name="vote_settings"),
    path("vote/codes/", budget_vote.codes, name="vote_codes"),
    path("vote/paper/", budget_vote.paper, name="vote_paper"),
    path("vote/result/", budget_result.reckon, name="vote_reckon"),
    path("vote/election.pb", budget_result.pabulib_file, name="vote_election"),
]
