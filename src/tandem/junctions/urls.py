"""Addresses of the junctions' pages, below a language."""

from django.urls import path

from tandem.junctions.views import evaluations, files, live, register, staff

app_name = "junctions"
ONE = "junctions/<slug:slug>/"
urlpatterns = [
    path("junctions/", register.junction_list, name="list"),
    path("junctions/places.geojson", register.places, name="places"),
    path("junctions/new/", staff.new, name="new"),
    path("junctions/work/", staff.work, name="work"),
    path(ONE, register.junction, name="junction"),
    path(f"{ONE}describe/", staff.edit, name="edit"),
    path(f"{ONE}publish/", staff.publish, name="publish"),
    path(f"{ONE}engine/", staff.engine, name="engine"),
    path(f"{ONE}offer/", staff.offer, name="offer"),
    path(f"{ONE}live/", live.page, name="live"),
    path(f"{ONE}events", live.events, name="events"),
    path(f"{ONE}state", live.state, name="state"),
    path(f"{ONE}file/", files.versions, name="versions"),
    path(f"{ONE}file/new/", files.upload, name="upload"),
    path(f"{ONE}file/<int:number>/", files.version, name="version"),
    path(f"{ONE}file/<int:number>.junction.json", files.download, name="download"),
    path(f"{ONE}file/<int:number>.policy.toml", files.policy, name="policy"),
    path(f"{ONE}evaluations/new/", evaluations.add, name="evaluation_new"),
    path(f"{ONE}evaluations/<int:number>/", evaluations.evaluation, name="evaluation"),
    path(f"{ONE}evaluations/<int:number>/report.html", evaluations.report, name="report"),
    path(f"{ONE}evaluations/<int:number>/results.jsonl", evaluations.original, name="results"),
]
