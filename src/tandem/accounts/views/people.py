"""Pages about other people's accounts, for administrators."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tandem.accounts.access import allowed, confirmed, person_of
from tandem.accounts.domain.permissions import Action
from tandem.accounts.forms import ErasePersonForm, PeopleFilterForm, RolesForm, posted
from tandem.accounts.labels import roles_by_room
from tandem.accounts.models import Person
from tandem.accounts.services import data_protection, people, second_factor
from tandem.accounts.services.roles import LastAdministrator, roles_of, set_roles

PER_PAGE = 50


@allowed(Action.SEE_PEOPLE)
@never_cache
def list_people(request: HttpRequest) -> HttpResponse:
    """List people, with a search."""
    form = PeopleFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = people.find_people(asked.get("q", ""), only_staff=asked.get("staff", False))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(person, roles_by_room(each.room_role for each in person.grants.all())) for person in page]
    return render(request, "accounts/people.html", {"form": form, "page": page, "rows": rows})


@allowed(Action.SEE_PEOPLE)
@never_cache
@confirmed
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show a person, and set their roles."""
    shown = _existing(person_id)
    form = RolesForm(posted(request), held=roles_of(shown))
    if request.method == "POST" and form.is_valid() and _set_roles(request, shown, form):
        messages.success(request, _("The roles of %(name)s are saved.") % {"name": shown})
        return redirect("accounts:person", person_id=shown.pk)
    return _person_page(request, shown, form)


def _set_roles(request: HttpRequest, shown: Person, form: RolesForm) -> bool:
    try:
        set_roles(shown, form.cleaned_data["roles"], actor=person_of(request))
    except LastAdministrator:
        form.add_error(
            "roles_site", _("This is the last administrator. Make somebody else an administrator first.")
        )
        return False
    return True


def _person_page(request: HttpRequest, shown: Person, form: RolesForm) -> HttpResponse:
    page = {
        "shown": shown,
        "form": form,
        "has_second_factor": second_factor.has_second_factor(shown),
        "is_own": shown.pk == person_of(request).pk,
    }
    return render(request, "accounts/person.html", page)


@allowed(Action.SHUT_ACCOUNTS)
@require_POST
def deactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Shut an account."""
    shown = _existing(person_id)
    people.deactivate(shown, actor=person_of(request))
    messages.success(request, _("The account of %(name)s is shut.") % {"name": shown})
    return redirect("accounts:person", person_id=shown.pk)


@allowed(Action.SHUT_ACCOUNTS)
@require_POST
def reactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Open an account again."""
    shown = _existing(person_id)
    people.reactivate(shown, actor=person_of(request))
    messages.success(request, _("The account of %(name)s is open again.") % {"name": shown})
    return redirect("accounts:person", person_id=shown.pk)


@allowed(Action.SHUT_ACCOUNTS)
@require_POST
@confirmed
def reset_second_factor(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Take somebody's second factor away, so that they can set up a new one."""
    shown = _existing(person_id)
    second_factor.reset(shown, actor=person_of(request))
    messages.success(request, _("The second factor of %(name)s is reset.") % {"name": shown})
    return redirect("accounts:person", person_id=shown.pk)


@allowed(Action.ERASE)
@never_cache
@confirmed
def erase_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Erase a person who asked for it, after their address was written out."""
    shown = _existing(person_id)
    form = ErasePersonForm(posted(request), person=shown)
    if form.is_valid():
        try:
            data_protection.erase(shown, actor=person_of(request), now=timezone.now())
        except LastAdministrator:
            form.add_error(
                None, _("This is the last administrator. Make somebody else an administrator first.")
            )
        else:
            messages.success(request, _("The person is erased. Nothing that identifies them is left."))
            return redirect("accounts:people")
    page: dict[str, Any] = {"shown": shown, "form": form}
    return render(request, "accounts/erase_person.html", page)


def _existing(person_id: UUID) -> Person:
    return get_object_or_404(Person, pk=person_id, erased_at=None)
