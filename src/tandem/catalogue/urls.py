"""Addresses of the catalogue's pages, below a language."""

from django.urls import path

from tandem.catalogue.views import harvests, public, staff, tables

app_name = "catalogue"
urlpatterns = [
    path("data/", public.dataset_list, name="list"),
    path("data/new/", staff.new, name="new"),
    path("data/drafts/", staff.work, name="work"),
    path("data/<slug:slug>/", public.dataset, name="dataset"),
    path("data/<slug:slug>/describe/", staff.edit, name="edit"),
    path("data/<slug:slug>/publish/", staff.publish, name="publish"),
    path("data/<slug:slug>/withdraw/", staff.withdraw, name="withdraw"),
    path("data/<slug:slug>/discard/", staff.discard, name="discard"),
    path("data/<slug:slug>/add/", staff.add_file, name="add_file"),
    path("data/<slug:slug>/<int:position>/", tables.table, name="table"),
    path("data/<slug:slug>/<int:position>/replace/", staff.replace, name="replace"),
    path("data/<slug:slug>/<int:position>/importing/", staff.importing, name="importing"),
    path("data/<slug:slug>/<int:position>/keep/", staff.keep, name="keep"),
    path("data/<slug:slug>/<int:position>/recognised/", staff.report, name="report"),
    path("data/<slug:slug>/<int:position>/features.geojson", tables.features, name="features"),
    path("data/<slug:slug>/<int:position>/download/<slug:wanted>", tables.download, name="download"),
    path("partners/", public.partners, name="partners"),
    path("partners/harvests/", harvests.sources, name="harvest"),
    path("partners/harvests/add/", harvests.add, name="harvest_add"),
    path("partners/harvests/<int:pk>/", harvests.run, name="harvest_run"),
    path(
        "partners/harvests/<int:pk>/findings.csv",
        harvests.findings,
        {"suffix": "csv"},
        name="harvest_findings_csv",
    ),
    path(
        "partners/harvests/<int:pk>/findings.json",
        harvests.findings,
        {"suffix": "json"},
        name="harvest_findings_json",
    ),
    path("partners/harvests/source/<slug:key>/", harvests.source, name="harvest_source"),
    path("partners/harvests/source/<slug:key>/edit/", harvests.edit, name="harvest_edit"),
    path("partners/harvests/source/<slug:key>/remove/", harvests.remove, name="harvest_remove"),
    path("partners/harvests/<slug:key>/now/", harvests.harvest_now, name="harvest_now"),
]
