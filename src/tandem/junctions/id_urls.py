"""Addresses of junctions for ever, without a language."""

from django.urls import path

from tandem.junctions.views import register

urlpatterns = [path("id/junction/<uuid:pk>", register.identifier, name="junction-id")]
