"""Addresses of the catalogue's pages, below a language."""

from django.urls import path

from tandem.catalogue.views import harvests, news, public, quality, sources, sparql, sql, staff, tables, versions

app_name = "catalogue"
urlpatterns = [
    path("data/", public.dataset_list, name="list"),
    path("data/new/", staff.new, name="new"),
    path("data/new/address/", sources.new_from_address, name="new_from_address"),
    path("data/drafts/", staff.work, name="work"),
    path("data/sparql/", sparql.page, name="sparql"),
    path("data/news.atom", news.datasets, name="news"),
    path("data/quality/", quality.dashboard, name="quality"),
    path("data/<slug:slug>/", public.dataset, name="dataset"),
    path("data/<slug:slug>/news.atom", news.versions, name="dataset_news"),
    path("data/<slug:slug>/describe/", staff.edit, name="edit"),
    path("data/<slug:slug>/publish/", staff.publish, name="publish"),
    path("data/<slug:slug>/withdraw/", staff.withdraw, name="withdraw"),
    path("data/<slug:slug>/discard/", staff.discard, name="discard"),
    path("data/<slug:slug>/add/", staff.add_file, name="add_file"),
    path("data/<slug:slug>/<int:position>/", tables.table, name="table"),
    path("data/<slug:slug>/add/address/", sources.add_from_address, name="add_from_address"),
    path("data/<slug:slug>/<int:position>/versions/", versions.versions, name="versions"),
    path(
        "data/<slug:slug>/<int:position>/versions/<int:number>/<slug:wanted>",
        versions.version,
        name="version",
    ),
    path("data/<slug:slug>/<int:position>/changes/", versions.changed, name="changes"),
    path("data/<slug:slug>/<int:position>/key/", versions.key, name="key"),
    path("data/<slug:slug>/<int:position>/follow/", sources.follow, name="follow"),
    path("data/<slug:slug>/<int:position>/follow/now/", sources.check_now, name="check_now"),
    path("data/<slug:slug>/<int:position>/follow/stop/", sources.stop_following, name="stop_following"),
    path("data/<slug:slug>/<int:position>/part/", sources.part, name="part"),
    path("data/<slug:slug>/<int:position>/replace/", staff.replace, name="replace"),
    path("data/<slug:slug>/<int:position>/importing/", staff.importing, name="importing"),
    path("data/<slug:slug>/<int:position>/keep/", staff.keep, name="keep"),
    path("data/<slug:slug>/<int:position>/recognised/", staff.report, name="report"),
    path("data/<slug:slug>/<int:position>/features.geojson", tables.features, name="features"),
    path("data/<slug:slug>/<int:position>/download/<slug:wanted>", tables.download, name="download"),
    path("data/<slug:slug>/<int:position>/groups/<slug:wanted>", tables.groups, name="groups"),
    path("data/<slug:slug>/<int:position>/chart.svg", tables.chart, name="chart"),
    path("data/<slug:slug>/<int:position>/embed/", tables.embed, name="embed"),
    path("sql/", sql.page, name="sql"),
    path("sql/result/<slug:wanted>", sql.download, name="sql_result"),
    path("partners/", public.partners, name="partners"),
    path("partners/harvests/", harvests.sources, name="harvest"),
    path("partners/harvests/<int:pk>/", harvests.run, name="harvest_run"),
    path("partners/harvests/<slug:key>/now/", harvests.harvest_now, name="harvest_now"),
]
