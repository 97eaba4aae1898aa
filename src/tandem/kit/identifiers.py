"""Persistent addresses: they lead to a page while it is public, and say afterwards that it was withdrawn."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from tandem.core.publication import Publication


class Withdrawn(Http404):
    """What was public once was withdrawn; ``kit.errors`` answers with status 410, and says so."""


def check_public(*states: str) -> None:
    """Do nothing where a thing, with everything that it belongs to, is public.

    Raises:
        Http404: Something of it never was.
        Withdrawn: All of it was once.
    """
    if Publication.DRAFT in states:
        raise Http404
    if Publication.WITHDRAWN in states:
        raise Withdrawn


def see_other(view: str, *arguments: object) -> HttpResponse:
    """Lead from a persistent address to a page about the thing."""
    return HttpResponse(status=303, headers={"Location": reverse(view, args=arguments)})
