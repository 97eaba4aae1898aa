"""The officer's pages of matching: begin a round, its cities, files, rules, check, match, what if, take a result."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import NotFound, TandemError
from tandem.core.findings import Finding, Severity
from tandem.exchange.domain.matching.profiles import Key, key
from tandem.exchange.domain.matching.stored import read_tandems
from tandem.exchange.forms.round_cities import FileForm, ProfileForm, profile_initial
from tandem.exchange.forms.round_rules import NoGoForm, PairForm, RulesForm, cities_as_choices, rules_initial
from tandem.exchange.forms.rounds import RoundForm, round_initial
from tandem.exchange.models import Round
from tandem.exchange.services import (
    round_cities,
    round_files,
    round_inputs,
    round_matching,
    round_rules,
    rounds,
)
from tandem.exchange.services.round_files import FileWithFaults
from tandem.exchange.views.asking import by, form_page
from tandem.exchange.views.matching import page_number
from tandem.exchange.views.matching_frame import (
    any_round,
    home_of,
    page_of,
    trail_of,
    visible_result,
)
from tandem.exchange.views.tandem_frame import done, officers, readers, take_form
from tandem.kit.models import Job
from tandem.kit.spoken import spoken

CSV = "text/csv; charset=utf-8"
FORM = "exchange/matching/form.html"


def _cities_url(row: Round) -> str:
    return reverse("exchange:round_cities", args=[row.slug])


def _rules_url(row: Round) -> str:
    return reverse("exchange:round_rules", args=[row.slug])


def city_choices(row: Round) -> list[tuple[str, Any]]:
    """Return the cities of a round that take part, to choose from."""
    return cities_as_choices(row.cities.filter(is_active=True).values_list("city", "name"))


# --- the round ------------------------------------------------------------------------------------
@officers
@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Begin a round."""
    form = RoundForm(request.POST or None)
    if form.is_valid():
        made = rounds.begin(**form.cleaned_data, **by(request))
        return redirect(home_of(made))
    back = reverse("exchange:rounds")
    return take_form(request, form, lambda: None, gettext("Begin a round"), back=back, template=FORM)


@officers
@form_page
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what a round says of itself, and its topics."""
    row = any_round(slug)
    form = RoundForm(request.POST or None, known=row.topics, initial=round_initial(row))
    return take_form(
        request,
        form,
        lambda: rounds.describe(row, **form.cleaned_data, **by(request)),
        gettext("Title and topics"),
        back=home_of(row),
        trail=trail_of(row),
        template=FORM,
    )


@officers
@require_POST
def step(request: HttpRequest, slug: str) -> HttpResponse:
    """Finish a round, open it again, make it public or withdraw it, as the button says."""
    row = any_round(slug)
    acts = {
        "finish": (rounds.finish, gettext("The round is finished.")),
        "reopen": (rounds.reopen, gettext("The round is open again.")),
        "publish": (rounds.publish, gettext("It is public now.")),
        "withdraw": (rounds.withdraw, gettext("It is no longer public.")),
    }
    if request.POST.get("step") not in acts:
        raise Http404
    act, said = acts[request.POST["step"]]
    return done(request, lambda: act(row, **by(request)), said, home_of(row))


# --- cities ---------------------------------------------------------------------------------------
@readers
@require_safe
def cities(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff the cities of a round."""
    row, asked = any_round(slug), request.GET.get("q", "").strip()
    rows = row.cities.filter(name__icontains=asked) if asked else row.cities.all()
    page = page_number(request, rows)
    shown = {
        **page_of(request, row),
        "page": page,
        "query": asked,
        "cities": page.object_list,
    }
    return render(request, "exchange/matching/cities.html", shown)


@officers
@form_page
def city(request: HttpRequest, slug: str, city: str = "") -> HttpResponse:
    """Add a city with its needs and offers, or change one."""
    row = any_round(slug)
    before = _profile_or_404(row, city) if city else None
    form = ProfileForm(
        request.POST or None,
        topics=row.topics,
        before=before,
        initial=profile_initial(before) if before else None,
    )
    return take_form(
        request,
        form,
        lambda: round_cities.set_profile(row, form.profile(), is_new=before is None, **by(request)),
        before.name if before else gettext("Add a city"),
        back=_cities_url(row),
        trail=[*trail_of(row), (gettext("Cities"), _cities_url(row))],
        remove=(lambda: round_cities.remove_city(row, city, **by(request))) if before else None,
        template="exchange/matching/city.html",
        round=row,
        leave_url=reverse("exchange:round_leave", args=[slug, city]) if before and before.active else "",
        has_left=before is not None and not before.active,
    )


def _profile_or_404(row: Round, city: str) -> Any:
    try:
        return round_cities.profile_of(row, city)
    except NotFound as error:
        raise Http404 from error


@officers
@form_page
def take_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Take profiles from a CSV file, all of them or none; say for each line what is wrong with it."""
    row = any_round(slug)
    form = FileForm(request.POST or None, request.FILES or None)
    findings: list[Finding] = []
    if form.is_valid():
        try:
            taken = round_files.take_file(
                row, form.cleaned_data["file"].read(round_files.MOST_BYTES), **by(request)
            )
        except TandemError as error:
            form.add_error("file", spoken(error.sentence))
            findings = error.findings if isinstance(error, FileWithFaults) else []
        else:
            said = gettext("Taken from the file: %(added)s new cities, %(changed)s changed.")
            messages.success(request, said % {"added": taken.added, "changed": taken.changed})
            if not taken.findings:
                return redirect(_cities_url(row))
            findings = taken.findings
    page = {**page_of(request, row), "form": form, "findings": findings, "cities_url": _cities_url(row)}
    return render(request, "exchange/matching/file.html", page, status=400 if form.errors else 200)


@readers
@require_safe
def give_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand over the profiles of a round as a CSV file."""
    row = any_round(slug)
    headers = {"Content-Disposition": f'attachment; filename="{row.slug}-cities.csv"'}
    return HttpResponse(round_files.as_file(row), content_type=CSV, headers=headers)


# --- rules ----------------------------------------------------------------------------------------
@officers
@form_page
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and change by what cities are compared; fixed pairs, tandems that stand, no-gos."""
    row = any_round(slug)
    step = request.POST.get("step", "")
    choices = city_choices(row)
    forms = {
        "rules": RulesForm(
            request.POST if step == "rules" else None, prefix="rules", initial=rules_initial(row)
        ),
        "fix": PairForm(request.POST if step == "fix" else None, prefix="fix", cities=choices),
        "tandem": PairForm(
            request.POST if step == "tandem" else None, prefix="tandem", cities=choices, third=True
        ),
        "no-go": NoGoForm(request.POST if step == "no-go" else None, prefix="no-go", cities=choices),
    }
    form = forms.get(step)
    if form is not None and form.is_valid():
        try:
            _change_rules(row, step, form, by(request))
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            return done(request, lambda: None, gettext("It is saved."), _rules_url(row))
    page = {
        **page_of(request, row),
        "form": form,
        "rules_form": forms["rules"],
        "fix_form": forms["fix"],
        "tandem_form": forms["tandem"],
        "no_go_form": forms["no-go"],
        **_lists(row),
    }
    return render(request, "exchange/matching/rules.html", page, status=400 if form and form.errors else 200)


def _change_rules(row: Round, step: str, form: Any, acts: dict[str, Any]) -> None:
    if step == "rules":
        round_rules.set_rules(row, **form.cleaned_data, **acts)
    elif step == "fix":
        round_rules.fix_pair(row, form.cities(), **acts)
    elif step == "tandem":
        round_rules.add_tandem(row, form.cities(), **acts)
    else:
        given = form.cleaned_data
        round_rules.set_no_go(row, given["one"], given["other"], given["reason"], **acts)


def _lists(row: Round) -> dict[str, Any]:
    """Return the fixed pairs, tandems and no-gos of a round, with names."""
    profiles = round_cities.profiles_of(row)
    names = {each.id: each.name for each in profiles}

    def said(groups: Any) -> list[dict[str, str]]:
        return [
            {"title": " – ".join(names.get(each, each) for each in group), "value": " ".join(group)}
            for group in groups
        ]

    return {
        "fixed": said(row.fixed),
        "tandems": said(read_tandems(row.tandems)),
        "no_gos": [
            {
                "title": f"{names[each.id]} → {names.get(no_go.city_id, no_go.city_id)}",
                "reason": no_go.reason,
                "value": f"{each.id} {no_go.city_id}",
            }
            for each in profiles
            for no_go in each.no_gos
        ],
    }


@officers
@require_POST
def drop_rule(request: HttpRequest, slug: str) -> HttpResponse:
    """Take away a fixed pair, a tandem that stands, or a no-go, as the button says."""
    row = any_round(slug)
    what, _space, value = request.POST.get("drop", "").partition(" ")
    cities, acts = value.split(), by(request)
    drops = {
        "fixed": lambda: round_rules.unfix_pair(row, cities, **acts),
        "tandem": lambda: round_rules.drop_tandem(row, cities, **acts),
        "no-go": lambda: round_rules.set_no_go(row, *_two(cities), "", **acts),
    }
    if what not in drops:
        raise Http404
    return done(request, drops[what], gettext("It is removed."), _rules_url(row))


def _two(cities: list[str]) -> Key:
    if len(cities) != 2:
        raise Http404
    return cities[0], cities[1]


# --- check and match ------------------------------------------------------------------------------
@readers
@require_safe
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff what is wrong with profiles and rules before anybody is matched."""
    row = any_round(slug)
    findings = round_inputs.check_round(row)
    page = {
        **page_of(request, row),
        "findings": findings,
        "has_errors": any(each.severity is Severity.ERROR for each in findings),
    }
    return render(request, "exchange/matching/check.html", page)


@officers
@require_POST
def match(request: HttpRequest, slug: str) -> HttpResponse:
    """Match the cities of a round."""
    return match_now(request, any_round(slug))


def match_now(request: HttpRequest, row: Round) -> HttpResponse:
    """Match a round; return the redirect to what came of it."""
    try:
        job = round_matching.start(row, person=person_of(request))
    except TandemError as error:
        messages.error(request, spoken(error.sentence))
        return redirect(home_of(row))
    return after_job(request, row, job)


def after_job(request: HttpRequest, row: Round, job: Job) -> HttpResponse:
    """Return the redirect to the result of a matching, or to where it is followed, or to what is wrong."""
    if job.state == Job.SUCCEEDED:
        return redirect("exchange:result", row.slug, job.result["number"])
    if job.state == Job.FAILED:
        messages.error(request, spoken(job.error_sentence))
        return redirect("exchange:round_check", row.slug)
    messages.info(request, gettext("The cities are being matched. This page follows it."))
    return redirect(home_of(row))


@officers
@form_page
def what_if(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask what would come out if two cities were together; nothing of it is proposed to anybody."""
    found = visible_result(request, slug, number)
    row = found.round
    pinned = [key(*each) for each in found.summary["fixed"]]
    form = PairForm(request.POST or None, cities=city_choices(row))
    if form.is_valid():
        one, other = form.cities()
        try:
            job = round_matching.start(row, person=person_of(request), pinned=[*pinned, key(one, other)])
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            return after_job(request, row, job)
    page = {
        **page_of(request, row),
        "result": found,
        "form": form,
        "pinned": [" – ".join(found.names[one] for one in pair) for pair in pinned],
    }
    return render(request, "exchange/matching/what_if.html", page, status=400 if form.errors else 200)


@officers
@require_safe
def look_up(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Lead to the page of any two cities of a result."""
    found = visible_result(request, slug, number)
    form = PairForm(
        request.GET or None, cities=cities_as_choices(sorted(found.names.items(), key=lambda each: each[1]))
    )
    if form.is_valid():
        return redirect("exchange:result_pair", slug, number, *key(*_two(list(form.cities()))))
    page = {**page_of(request, found.round), "result": found, "form": form}
    return render(request, "exchange/matching/look_up.html", page, status=400 if form.errors else 200)


@officers
@require_POST
def discard(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Throw away a result that was not proposed to anybody."""
    found = visible_result(request, slug, number)
    row = found.round
    return done(
        request,
        lambda: round_matching.discard(found, **by(request)),
        gettext("The result is discarded."),
        home_of(row),
    )


def count_of(number: int) -> str:
    """Return how many pairs are new, in words."""
    text = ngettext("%(number)s new proposal.", "%(number)s new proposals.", number)
    return text % {"number": number}
