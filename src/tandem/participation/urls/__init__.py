"""Addresses of the room's pages, below a language."""

from importlib.util import find_spec

from django.urls import include, path

from tandem.participation.views import participants, phases, processes, projects

app_name = "participation"
PHASE = "take-part/<slug:slug>/<int:number>/"
TOPICS = ("ideas", "statements", "budget", "opinions", "surveys", "exports")
urlpatterns = [
    path("projects/", projects.project_list, name="projects"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    path("take-part/", processes.process_list, name="processes"),
    path("take-part/address/", participants.address, name="address"),
    path("take-part/address/<str:token>/", participants.confirm, name="confirm"),
    path("take-part/leave/", participants.leave, name="leave"),
    *(
        path("take-part/", include("tandem.participation.urls.moderation"))
        for _each in [0]
        if find_spec("tandem.participation.urls.moderation")
    ),
    path("take-part/<slug:slug>/", processes.process, name="process"),
    path(PHASE, phases.phase, name="phase"),
    *(
        path(PHASE, include(f"tandem.participation.urls.{topic}"))
        for topic in TOPICS
        if find_spec(f"tandem.participation.urls.{topic}")
    ),
]
