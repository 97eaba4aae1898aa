"""Addresses of the catalogue for machines and for ever, without a language."""

from django.urls import path, re_path

from tandem.catalogue.views import ckan, feeds, packages, sparql

_SUFFIX = r"(?P<suffix>ttl|rdf|jsonld|nt)"
_ID = r"(?P<pk>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"

urlpatterns = [
    path("catalogue", feeds.negotiated, name="catalogue-id"),
    re_path(rf"^catalogue\.{_SUFFIX}$", feeds.catalogue, name="catalogue-rdf"),
    path("id/dataset/<uuid:pk>", feeds.identifier, name="dataset-id"),
    re_path(rf"^id/dataset/{_ID}\.{_SUFFIX}$", feeds.dataset_rdf, name="dataset-rdf"),
    path("id/dataset/<uuid:pk>/datapackage.json", packages.data_package, name="data-package"),
    path("id/dataset/<uuid:pk>/schema.jsonld", packages.schema_org, name="schema-org"),
    path("sparql", sparql.protocol, name="sparql"),
    path("tables/<uuid:pk>/<int:number>.csv", packages.table, name="table-csv"),
    path("id/distribution/<uuid:pk>", feeds.distribution_id, name="distribution-id"),
    path("id/agent/<str:key>", feeds.agent_id, name="agent-id"),
    re_path(rf"^id/(?P<kind>service|series)/{_ID}$", feeds.record_id, name="record-id"),
    re_path(rf"^id/(?P<kind>service|series)/{_ID}\.{_SUFFIX}$", feeds.record_rdf, name="record-rdf"),
    path("api/action/<str:name>", ckan.action, name="ckan-action"),
    path("api/<int:number>/action/<str:name>", ckan.action, name="ckan-action-numbered"),
    path("api/<int:number>", ckan.version, name="ckan-version"),
    path("files/<uuid:pk>/<int:number>/<str:name>", feeds.file, name="file"),
]
