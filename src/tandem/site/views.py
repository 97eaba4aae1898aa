"""Pages of the whole portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Show what is going on in the city."""
    return render(request, "site/home.html", {})
