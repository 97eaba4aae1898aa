"""Addresses for the tests of the looks: the style guide, and views that fail on purpose."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from tandem.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, TandemError, Unavailable
from tandem.kit import styleguide, theme

handler400 = "tandem.kit.views.bad_request"
handler403 = "tandem.kit.views.forbidden"
handler404 = "tandem.kit.views.not_found"
handler500 = "tandem.kit.views.server_error"


class TooLate(Conflict):
    code = "kit.test-too-late"
    details = {"closed_at": "2026-03-01"}


ERRORS = {
    "invalid": InvalidInput("bad"),
    "not-allowed": NotAllowed("no"),
    "not-found": NotFound("gone"),
    "too-late": TooLate("operator's words"),
    "unavailable": Unavailable("down"),
    "other": TandemError("odd"),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "crash": RuntimeError("crash"),
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/base.html", {})


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        size = request.FILES["file"].size
        return redirect(f"{request.path}?size={size}") if size else HttpResponse("<h1>Empty</h1>", status=400)
    return render(request, "kit/test_upload.html", {"size": request.GET.get("size")})


jobs = {"asked": 0}


def job(request: HttpRequest) -> JsonResponse:
    jobs["asked"] += 1
    state = "running" if jobs["asked"] < 3 else "succeeded"
    return JsonResponse({"state": state, "share": 0.5, "message": "Half of it"})


def job_page(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/test_job.html", {"running": jobs["asked"] < 3})


urlpatterns = [
    path("theme.css", theme.theme, name="theme"),
    path("logo", theme.logo, name="logo"),
    path("job.json", job, name="job"),
    path("api/fail/<str:kind>", fail),
    *i18n_patterns(
        path("", page, name="home"),
        path("search", page, name="search"),
        path("data/trees", page, name="trees"),
        path("styleguide", styleguide.styleguide, name="styleguide"),
        path("fail/<str:kind>", fail, name="fail"),
        path("form", page, name="form"),
        path("upload", upload, name="upload"),
        path("job", job_page),
        path("account/", include("allauth.urls")),
    ),
]
