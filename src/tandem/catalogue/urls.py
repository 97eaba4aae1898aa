"""Addresses of the catalogue's pages, below a language."""

from django.urls import path, re_path

from tandem.catalogue.views import describe, harvests, public, records, staff, tables

_KIND = "(?P<kind>service|series)"
_SLUG = "(?P<slug>[-a-zA-Z0-9_]+)"

app_name = "catalogue"
urlpatterns = [
    path("data/", public.dataset_list, name="list"),
    path("data/new/", staff.new, name="new"),
    path("data/drafts/", staff.work, name="work"),
    path("data/agents/", records.agent_list, name="agents"),
    path("data/agents/new/", records.agent_edit, name="agent_new"),
    path("data/agents/<uuid:pk>/", records.agent, name="agent"),
    path("data/agents/<uuid:pk>/describe/", records.agent_edit, name="agent_edit"),
    re_path(rf"^data/{_KIND}/$", records.record_list, name="records"),
    re_path(rf"^data/{_KIND}/new/$", records.new, name="record_new"),
    re_path(rf"^data/{_KIND}/{_SLUG}/$", records.record, name="record"),
    re_path(rf"^data/{_KIND}/{_SLUG}/describe/$", records.edit, name="record_edit"),
    re_path(rf"^data/{_KIND}/{_SLUG}/discard/$", records.discard, name="record_discard"),
    re_path(
        rf"^data/{_KIND}/{_SLUG}/(?P<name>submit|send-back|publish|withdraw)/$",
        records.step,
        name="record_step",
    ),
    path("data/<slug:slug>/", public.dataset, name="dataset"),
    path("data/<slug:slug>/describe/", describe.edit, name="edit"),
    path("data/<slug:slug>/describe/check/", describe.check, name="check"),
    path("data/<slug:slug>/submit/", describe.submit, name="submit"),
    path("data/<slug:slug>/send-back/", describe.send_back, name="send_back"),
    path("data/<slug:slug>/add-address/", describe.add_address, name="add_address"),
    path("data/<slug:slug>/<int:position>/describe/", describe.edit_file, name="edit_file"),
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
    path("partners/harvests/<int:pk>/", harvests.run, name="harvest_run"),
    path("partners/harvests/<slug:key>/now/", harvests.harvest_now, name="harvest_now"),
]
