"""Rows of the participation room: thin, one module for each thing that people do."""

from tandem.participation.models.budget import Allocation, CastBallot, VoterEntry, VotingCode
from tandem.participation.models.contributions import Answer, Comment, Contribution, Support
from tandem.participation.models.moderation import Decision, Notice, QueueItem
from tandem.participation.models.opinions import OpinionResult, PollSheet, PollStatement, PollVote
from tandem.participation.models.people import Follow, Notification, Participant
from tandem.participation.models.processes import Phase, Process
from tandem.participation.models.projects import Milestone, News, Project, ProjectFile
from tandem.participation.models.statements import Attachment, PlanDocument, PlanStatement
from tandem.participation.models.surveys import SurveyResponse

__all__ = [
    "Allocation",
    "Answer",
    "Attachment",
    "CastBallot",
    "Comment",
    "Contribution",
    "Decision",
    "Follow",
    "Milestone",
    "News",
    "Notice",
    "Notification",
    "OpinionResult",
    "Participant",
    "Phase",
    "PlanDocument",
    "PlanStatement",
    "PollSheet",
    "PollStatement",
    "PollVote",
    "Process",
    "Project",
    "ProjectFile",
    "QueueItem",
    "Support",
    "SurveyResponse",
    "VoterEntry",
    "VotingCode",
]
