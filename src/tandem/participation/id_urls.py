"""Addresses of projects and processes for ever, without a language."""

from django.urls import path

from tandem.participation.views import processes, projects

urlpatterns = [
    path("id/project/<uuid:pk>", projects.identifier, name="project-id"),
    path("id/process/<uuid:pk>", processes.identifier, name="process-id"),
]
