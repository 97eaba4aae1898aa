"""Pages of ideas and budget proposals: list, map, one of them, writing, supporting, commenting."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tandem.core.errors import TandemError
from tandem.core.text import printable
from tandem.kit.maps import Layer, Map
from tandem.kit.spoken import spoken
from tandem.participation import access, labels
from tandem.participation.adapters.photo_store import photo_file
from tandem.participation.domain.following import ContributionStatus
from tandem.participation.domain.phase import Action, NotAdmitted, PhaseKind, PhaseState
from tandem.participation.domain.phase_settings import SHAPES, IdeaSettings
from tandem.participation.forms.ideas import CommentForm, IdeaForm, category_choices, initial_of
from tandem.participation.models import Comment, Contribution, Phase
from tandem.participation.services import ideas
from tandem.participation.views import frame
from tandem.participation.views.drawing import drawing_texts
from tandem.participation.views.guards import form_page

PER_PAGE, COMMENTS_PER_PAGE = 20, 30
SORTS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "newest": (gettext_lazy("newest first"), ("-received_at", "-number")),
    "supported": (gettext_lazy("most supported first"), ("-support_count", "-number")),
    "discussed": (gettext_lazy("most discussed first"), ("-comment_count", "-number")),
}
PHOTO_SECONDS = 30 * 24 * 3_600


def settings_of(phase: Phase) -> IdeaSettings:
    """Return what is set in a phase."""
    return IdeaSettings.from_json(phase.settings)


def words(phase: Phase) -> dict[str, str]:
    """Return what contributions are called here."""
    if ideas.kind_of(phase) == "idea":
        return {
            "one": gettext("Idea"),
            "write": gettext("Write an idea"),
            "none": gettext("No idea yet"),
            "search": gettext("Search the ideas"),
            "on_map": gettext("Ideas on the map"),
        }
    return {
        "one": gettext("Proposal"),
        "write": gettext("Make a proposal"),
        "none": gettext("No proposal yet"),
        "search": gettext("Search the proposals"),
        "on_map": gettext("Proposals on the map"),
    }


# --- list ---------------------------------------------------------------------------------------
def show(request: HttpRequest, phase: Phase) -> HttpResponse:
    """Show the ideas of a phase as a list, and on the map beside it."""
    settings, asked = settings_of(phase), request.GET
    public = ideas.public(phase.process, ideas.kind_of(phase))
    sort = asked.get("sort", "newest") if asked.get("sort", "newest") in SORTS else "newest"
    rows = _narrowed(public, asked).order_by(*SORTS[sort][1])
    page = Paginator(rows.defer("geometry"), PER_PAGE).get_page(asked.get("page"))
    shown = {
        **frame.phase_page(request, phase),
        "words": words(phase),
        "page": page,
        "rows": [_row(each, settings) for each in page.object_list],
        "query": printable(asked.get("q", "")),
        "sorts": [(key, label, key == sort) for key, (label, _order) in SORTS.items()],
        "category": asked.get("category", ""),
        "categories": category_choices(settings),
        "status": asked.get("status", ""),
        "statuses": [(each.value, labels.STATUS[each]) for each in ContributionStatus],
        "is_narrowed": any(asked.get(name) for name in ("q", "category", "status")),
        "map": _map(phase) if settings.shapes else None,
        "next": request.get_full_path(),
    }
    return render(request, "participation/ideas/list.html", shown)


def _narrowed(rows: QuerySet[Contribution], asked: Any) -> QuerySet[Contribution]:
    for word in printable(asked.get("q", "")[:200]).split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(place__icontains=word))
    for name in ("category", "status"):
        if asked.get(name):
            rows = rows.filter(**{name: printable(asked[name])})
    return rows


def _row(row: Contribution, settings: IdeaSettings) -> dict[str, Any]:
    return {
        "row": row,
        "category": dict(category_choices(settings)).get(row.category, ""),
        "status_label": labels.STATUS[row.status],
        "status_tone": labels.STATUS_TONES[row.status],
    }


def _map(phase: Phase) -> Map:
    layer = Layer(
        "participation-ideas",
        words(phase)["on_map"],
        reverse("participation:idea_points", args=[phase.process.slug, phase.number]),
    )
    return Map(title=words(phase)["on_map"], layers=[layer])


@require_safe
def points(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return where the ideas are, as GeoJSON: all points in one feature, so that thousands stay small."""
    phase = access.visible_phase(request, slug, number)
    public = ideas.public(phase.process, ideas.kind_of(phase)).filter(latitude__isnull=False)
    rows = public.order_by("number").values_list("number", "latitude", "longitude", "geometry", "title")
    url = reverse("participation:idea", args=[slug, number, 0]).replace("/0/", "/{}/")
    dots, shapes = [], []
    for each, latitude, longitude, geometry, title in rows:
        if geometry and geometry["type"] != "Point":
            properties = {"title": title, "url": url.replace("{}", str(each))}
            shapes.append({"type": "Feature", "geometry": geometry, "properties": properties})
        elif latitude is not None and longitude is not None:
            dots.append((each, [round(longitude, 5), round(latitude, 5)]))
    together = {
        "type": "Feature",
        "geometry": {"type": "MultiPoint", "coordinates": [place for _each, place in dots]},
        "properties": {
            "keys": [each for each, _place in dots],
            "title": f"{words(phase)['one']} {{}}",
            "url": url,
            "card": f"{url}card",
        },
    }
    content = {"type": "FeatureCollection", "features": [*([together] if dots else []), *shapes]}
    return JsonResponse(
        content,
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )


# --- one ----------------------------------------------------------------------------------------
@require_safe
def idea(request: HttpRequest, slug: str, number: int, key: int) -> HttpResponse:
    """Show an idea with its answers and comments."""
    phase = access.visible_phase(request, slug, number)
    row = _find(phase, key)
    return _idea_page(request, phase, row, CommentForm())


def _find(phase: Phase, key: int) -> Contribution:
    rows = Contribution.objects.filter(process=phase.process_id, kind=ideas.kind_of(phase), number=key)
    found = rows.first()
    if found is None:
        raise Http404
    found.process = phase.process
    return found


def _idea_page(request: HttpRequest, phase: Phase, row: Contribution, form: CommentForm) -> HttpResponse:
    known, now = access.participant(request), timezone.now()
    is_mine = known is not None and row.participant_id == known.pk
    if not row.is_public and not is_mine and not access.may_see_drafts(request):
        page = {**frame.phase_page(request, phase), "row": row, "words": words(phase)}
        return render(request, "participation/ideas/gone.html", page, status=410)
    page = {
        **frame.phase_page(request, phase),
        **_row(row, settings_of(phase)),
        "words": words(phase),
        "settings": settings_of(phase),
        "is_mine": is_mine,
        "may_withdraw": access.standing(request, _whose_rule(phase, now), now).may["withdraw_own"],
        "known": known,
        "supported": known is not None and row.supports.filter(participant=known).exists(),
        "answers": [
            (each, labels.STATUS[each.status], labels.STATUS_TONES[each.status]) for each in row.answers.all()
        ],
        "comments": Paginator(_comments(row), COMMENTS_PER_PAGE).get_page(request.GET.get("comments")),
        "channel": labels.CHANNEL.get(row.channel, ""),
        "map": _place_map(row),
        "form": form,
        "next": request.path,
        "may_answer": access.may_answer(request),
    }
    return render(request, "participation/ideas/idea.html", page, status=200 if not form.errors else 400)


def _whose_rule(phase: Phase, now: datetime) -> Phase:
    """Return the phase that says whether one's own can be withdrawn: while proposals are checked, that one."""
    is_over = phase.phase_kind is PhaseKind.BUDGET_SUBMIT and phase.state(now) is PhaseState.CLOSED
    after = (each for each in phase.siblings or () if each.number > phase.number)
    return next((each for each in after if is_over and each.phase_kind is PhaseKind.BUDGET_CHECK), phase)


def _comments(row: Contribution) -> QuerySet[Comment]:
    return row.comments.filter(hidden_at=None, withdrawn_at=None)


def _place_map(row: Contribution) -> Map | None:
    if row.latitude is None or row.longitude is None:
        return None
    url = reverse("participation:idea_place", args=[row.process.slug, row.phase.number, row.number])
    layer = Layer("participation-place", row.title, url, "points")
    return Map(title=gettext("Where it is"), layers=[layer], centre=(row.latitude, row.longitude), zoom=15)


@require_safe
def place(request: HttpRequest, slug: str, number: int, key: int) -> JsonResponse:
    """Return the place of one idea as GeoJSON."""
    row = _public(request, slug, number, key)
    point = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
    feature = {"type": "Feature", "geometry": row.geometry or point, "properties": {"title": row.title}}
    content = {"type": "FeatureCollection", "features": [feature] if row.latitude is not None else []}
    return JsonResponse(content, content_type="application/geo+json")


@require_safe
def card(request: HttpRequest, slug: str, number: int, key: int) -> JsonResponse:
    """Return what the map says of one idea."""
    row = _public(request, slug, number, key)
    text = row.text if len(row.text) <= 160 else f"{row.text[:160].rstrip()}…"
    return JsonResponse({"title": row.title, "note": text})


def _public(request: HttpRequest, slug: str, number: int, key: int) -> Contribution:
    row = _find(access.visible_phase(request, slug, number), key)
    if not row.is_public and not access.may_see_drafts(request):
        raise Http404
    return row


@require_safe
def photo(request: HttpRequest, slug: str, number: int, key: int, size: str) -> FileResponse:
    """Serve the photo of an idea."""
    row = _find(access.visible_phase(request, slug, number), key)
    known = access.participant(request)
    is_mine = known is not None and row.participant_id == known.pk
    if not row.photo or not (row.is_public or is_mine or access.may_see_drafts(request)):
        raise Http404
    answer = FileResponse(default_storage.open(photo_file(row.photo, size)), content_type="image/jpeg")
    answer.headers["Cache-Control"] = f"private, max-age={PHOTO_SECONDS}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


# --- write --------------------------------------------------------------------------------------
@never_cache
@form_page
def new(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write an idea. Similar ones are shown once before it is taken."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    here = access.standing(request, phase, now)
    if request.method == "POST":
        here.check(Action.CONTRIBUTE)
    elif error := here.refusal(Action.CONTRIBUTE):
        return _how_to_get_in(request, phase, error)
    token = f"idea:{phase.pk}:{request.POST.get('token', '')}"
    if before := access.taken(request, token):  # the same form, sent again
        return redirect("participation:idea", slug, number, int(before))
    form = IdeaForm(request.POST or None, request.FILES or None, settings=settings_of(phase))
    similar: list[Contribution] = []
    if form.is_valid():
        given = form.cleaned_data
        if "anyway" not in request.POST:
            similar = ideas.similar_to(phase, given["title"], given["text"])
        if not similar:
            made = _submitted(request, phase, form, now)
            if made:
                access.take(request, token, str(made.number))
                return redirect("participation:idea", slug, number, made.number)
    return _form_page(request, phase, form, similar)


def _submitted(request: HttpRequest, phase: Phase, form: IdeaForm, now: Any) -> Contribution | None:
    """Take the idea in, or say at the form what is wrong with it."""
    author = access.someone(request)
    try:
        made = ideas.submit(
            phase, form.written(), participant=author, language=get_language() or "en", now=now
        )
    except TandemError as error:
        form.add_error("photo" if "photo" in error.code else None, spoken(error.sentence))
        return None
    messages.success(request, gettext("Thank you. It is public now, and we shall answer it."))
    return made


def _form_page(
    request: HttpRequest,
    phase: Phase,
    form: IdeaForm,
    similar: list[Contribution],
    row: Contribution | None = None,
) -> HttpResponse:
    settings = settings_of(phase)
    page = {
        **frame.phase_page(request, phase),
        "words": words(phase),
        "form": form,
        "similar": similar,
        "row": row,
        "settings": settings,
        "token": request.POST.get("token") or access.form_token(),
        "map": _map(phase) if settings.shapes else None,
        "drawing": drawing_texts([each for each in SHAPES if each in settings.shapes]),
    }
    return render(request, "participation/ideas/write.html", page, status=400 if form.errors else 200)


def _how_to_get_in(request: HttpRequest, phase: Phase, error: TandemError) -> HttpResponse:
    """Show the way in to whom it is open, as a page like any other; else say why there is none."""
    page = {
        **frame.phase_page(request, phase),
        "words": words(phase),
        "refusal": spoken(error.sentence),
        "next": request.get_full_path(),
    }
    status = 200 if isinstance(error, NotAdmitted) else error.http_status
    return render(request, "participation/ideas/get_in.html", page, status=status)


@require_safe
def similar(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the ideas that are like what is being written, as a piece of a page."""
    phase = access.visible_phase(request, slug, number)
    title, text = request.GET.get("title", "")[:150], request.GET.get("text", "")[:4_000]
    found = ideas.similar_to(phase, title, text) if len(title) + len(text) >= 8 else []
    page = {"similar": found, "process": phase.process, "phase": phase}
    return render(request, "participation/ideas/similar.html", page)


@never_cache
@form_page
def change(request: HttpRequest, slug: str, number: int, key: int) -> HttpResponse:
    """Change one's own idea."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    row = _find(phase, key)
    access.standing(request, phase, now).check(Action.CHANGE_OWN)
    ideas.require_author(row, access.participant(request))
    form = IdeaForm(
        request.POST or None, request.FILES or None, settings=settings_of(phase), initial=initial_of(row)
    )
    if form.is_valid():
        try:
            ideas.change(row, form.written(), participant=access.participant(request), now=now)
        except TandemError as error:
            form.add_error("photo" if "photo" in error.code else None, spoken(error.sentence))
        else:
            messages.success(request, gettext("It is changed."))
            return redirect("participation:idea", slug, number, key)
    return _form_page(request, phase, form, [], row)


@require_POST
def withdraw(request: HttpRequest, slug: str, number: int, key: int) -> HttpResponse:
    """Take one's own idea back."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, _whose_rule(phase, now), now).check(Action.WITHDRAW_OWN)
    ideas.withdraw(_find(phase, key), participant=access.participant(request), now=now)
    messages.success(request, gettext("It is withdrawn. Nobody sees it any more."))
    return redirect("participation:phase", slug, number)


# --- support and comments -----------------------------------------------------------------------
@require_POST
def support(request: HttpRequest, slug: str, number: int, key: int) -> HttpResponse:
    """Support an idea, or no longer."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    _require_switched_on(settings_of(phase).supports)
    access.standing(request, phase, now).check(Action.SUPPORT)
    row = _public(request, slug, number, key)
    wanted = request.POST.get("wanted", "yes") == "yes"
    ideas.support(row, participant=access.someone(request), now=now, wanted=wanted)
    return redirect("participation:idea", slug, number, key)


@require_POST
def comment(request: HttpRequest, slug: str, number: int, key: int) -> HttpResponse:
    """Say something about an idea."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    _require_switched_on(settings_of(phase).comments)
    access.standing(request, phase, now).check(Action.COMMENT)
    row = _public(request, slug, number, key)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _idea_page(request, phase, row, form)
    made = ideas.comment(row, form.cleaned_data["text"], participant=access.someone(request), now=now)
    on_page = -(-_comments(row).filter(at__lte=made.at).count() // COMMENTS_PER_PAGE)
    address = reverse("participation:idea", args=[slug, number, key])
    return redirect(f"{address}{f'?comments={on_page}' if on_page > 1 else ''}#comment-{made.pk}")


def _require_switched_on(is_on: bool) -> None:
    if not is_on:
        raise Http404


@require_POST
def withdraw_comment(request: HttpRequest, slug: str, number: int, key: int, pk: Any) -> HttpResponse:
    """Take one's own comment back."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.WITHDRAW_COMMENT)
    row = Comment.objects.filter(pk=pk, contribution=_find(phase, key)).first()
    if row is None:
        raise Http404
    ideas.withdraw_comment(row, participant=access.participant(request), now=now)
    return redirect("participation:idea", slug, number, key)
