"""Addresses of measures, adoptions and adopted indicators for machines and for ever, without a language."""

from django.urls import path

from tandem.exchange.views import adoptions, indicators, measures

urlpatterns = [
    path("id/indicator/<uuid:pk>", indicators.identifier, name="indicator-id"),
    path("id/measure/<uuid:pk>", measures.identifier, name="measure-id"),
    path("id/measure/<uuid:pk>.json", measures.as_json, name="measure-json"),
    path("id/measure/<uuid:pk>/<str:number>.zip", measures.bundle_by_id, name="measure-bundle"),
    path("id/adoption/<uuid:pk>", adoptions.identifier, name="adoption-id"),
]
