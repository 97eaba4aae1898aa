"""Addresses of the room's pages, below a language."""

from django.urls import include, path

from tandem.participation.views import (
    exports,
    mine,
    participants,
    phases,
    process_staff,
    processes,
    project_staff,
    projects,
)

app_name = "participation"
PHASE = "take-part/<slug:slug>/<int:number>/"
TOPICS = ("ideas", "statements", "budget", "opinions", "surveys")
urlpatterns = [
    path("projects/", projects.project_list, name="projects"),
    path("projects/sites.geojson", projects.sites, name="sites"),
    path("projects/new/", project_staff.new, name="project_new"),
    path("projects/work/", project_staff.work, name="work"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    path("projects/<slug:slug>/follow/", mine.follow, name="follow"),
    path("projects/<slug:slug>/unfollow/", mine.unfollow, name="unfollow"),
    path("projects/<slug:slug>/site.geojson", projects.site, name="site"),
    path("projects/<slug:slug>/files/<uuid:pk>", projects.file, name="project_file"),
    path("projects/<slug:slug>/describe/", project_staff.edit, name="project_edit"),
    path("projects/<slug:slug>/publish/", project_staff.publish, name="project_publish"),
    path("projects/<slug:slug>/milestones/new/", project_staff.milestone, name="milestone_new"),
    path("projects/<slug:slug>/milestones/<int:pk>/", project_staff.milestone, name="milestone"),
    path("projects/<slug:slug>/news/new/", project_staff.news, name="news_new"),
    path("projects/<slug:slug>/files/new/", project_staff.add_file, name="project_file_new"),
    path(
        "projects/<slug:slug>/files/<uuid:pk>/remove/", project_staff.remove_file, name="project_file_remove"
    ),
    path("projects/<slug:slug>/references/", project_staff.references, name="project_references"),
    path("projects/<slug:slug>/take-part/new/", process_staff.new, name="process_new"),
    path("take-part/", processes.process_list, name="processes"),
    path("take-part/address/", participants.address, name="address"),
    path("take-part/address/<str:token>/", participants.confirm, name="confirm"),
    path("take-part/leave/", participants.leave, name="leave"),
    path("take-part/", include("tandem.participation.urls.moderation")),
    path("take-part/<slug:slug>/", processes.process, name="process"),
    path("take-part/<slug:slug>/describe/", process_staff.edit, name="process_edit"),
    path("take-part/<slug:slug>/figures/", exports.figures, name="figures"),
    path("take-part/<slug:slug>/offer/", exports.offer, name="offer"),
    path("take-part/<slug:slug>/everything.<slug:form>", exports.everything, name="export_all"),
    path("take-part/<slug:slug>/open-data.<slug:form>", exports.open_file, name="export_open"),
    path("take-part/<slug:slug>/publish/", process_staff.publish, name="process_publish"),
    path(PHASE, phases.phase, name="phase"),
    path(f"{PHASE}describe/", process_staff.phase, name="phase_edit"),
    *(path(PHASE, include(f"tandem.participation.urls.{topic}")) for topic in TOPICS),
]
