"""Addresses for the tests of the looks: the style guide, and views that fail on purpose."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template import engines
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
    "crash": OperationalError("no such table"),
}


def show(request: HttpRequest, source: str, status: int = 200, **values: object) -> HttpResponse:
    """Return a page whose blocks are ``source``."""
    template = engines["django"].from_string('{% extends "kit/base.html" %}' + source)
    return HttpResponse(template.render(values, request), status=status)


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


def page(request: HttpRequest) -> HttpResponse:
    return show(request, "{% block title %}Trees & <em lang='en'>more</em>{% endblock %}")


FORM = """{% block title %}Form{% endblock %}{% block main %}
<form method="post"{% keep_typed "test-form" %}>{% csrf_token %}
<div class="field"><label for="t">Text</label><textarea id="t" name="text"></textarea></div>
<div class="field"><label for="p">Password</label><input id="p" type="password" name="password"></div>
<button class="button" type="submit">Send</button></form>{% endblock %}"""


def form(request: HttpRequest) -> HttpResponse:
    return show(request, FORM, status=400 if request.method == "POST" else 200)


UPLOAD = """{% block title %}Upload{% endblock %}{% block main %}<p id="size">{{ size }}</p>
<form method="post" enctype="multipart/form-data"{% upload_progress %}>
<div class="field"><label for="f">File</label><input id="f" type="file" name="file"></div>
<button class="button" type="submit">Send</button></form>{% endblock %}
{% block scripts %}<script src="{% static 'kit/upload.js' %}" defer></script>{% endblock %}"""


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request, UPLOAD, size=request.GET.get("size", "nothing yet"))
    size = request.FILES["file"].size
    return redirect(f"{request.path}?size={size}") if size else show(request, UPLOAD, 400, size="empty file")


jobs = {"asked": 0}


def job(request: HttpRequest) -> JsonResponse:
    jobs["asked"] += 1
    state = "running" if jobs["asked"] < 3 else "succeeded"
    return JsonResponse({"state": state, "share": 0.5, "message": "Half of it"})


def job_page(request: HttpRequest) -> HttpResponse:
    source = (
        "{% block title %}Job{% endblock %}{% block main %}"
        "{% if running %}{% progress 0.1 'Begun' url='/job.json' %}{% else %}<p id='over'>Over</p>{% endif %}"
        "{% endblock %}"
    )
    return show(request, source, running=jobs["asked"] < 3)


def htmx(request: HttpRequest) -> HttpResponse:
    if request.htmx:
        return HttpResponse("<p>Loaded</p>")
    source = (
        '{% block title %}htmx{% endblock %}{% block head %}{% include "kit/parts/htmx.html" %}{% endblock %}'
        '{% block main %}<button class="button" type="button" hx-get="{{ request.path }}" hx-target="#place">'
        'Load</button><div id="place"></div>{% endblock %}'
    )
    return show(request, source)


urlpatterns = [
    path("theme.css", theme.theme, name="theme"),
    path("logo", theme.logo, name="logo"),
    path("job.json", job),
    path("api/fail/<str:kind>", fail),
    path("api/form", form),
    *i18n_patterns(
        path("", page, name="home"),
        path("search", page, name="search"),
        path("data/trees", page, name="trees"),
        path("styleguide", styleguide.styleguide, name="styleguide"),
        path("fail/<str:kind>", fail, name="fail"),
        path("form", form, name="form"),
        path("upload", upload, name="upload"),
        path("job", job_page),
        path("htmx", htmx),
        path("account/", include("allauth.urls")),
    ),
]
