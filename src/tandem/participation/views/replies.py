"""The replies to statements: to one, to all that are decided, and those that go by post."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override
from django.views.decorators.http import require_POST, require_safe

from tandem.accounts.access import person_of
from tandem.core.errors import TandemError
from tandem.kit.spoken import spoken
from tandem.participation import access
from tandem.participation.domain.phase import Action
from tandem.participation.domain.statement import Outcome
from tandem.participation.forms.statements import ReplyForm
from tandem.participation.models import PlanStatement
from tandem.participation.services import statements, weighing
from tandem.participation.views import frame
from tandem.participation.views.guards import deciders, form_page, readers


def _draft(row: PlanStatement) -> str:
    """Return a reply in the language of the statement."""
    with override(row.language):
        name = row.author_name or row.organisation
        opening = gettext("Dear %(name)s,") % {"name": name} if name else gettext("Dear Sir or Madam,")
        thanks = gettext(
            "thank you for your statement %(number)s of %(day)s. The council has weighed it as follows."
        )
        day = timezone.localdate(row.received_at)
        outcome_texts = {
            Outcome.FOLLOWED: gettext("We follow this point."),
            Outcome.PARTLY_FOLLOWED: gettext("We follow this point in part."),
            Outcome.NOT_FOLLOWED: gettext("We do not follow this point."),
            Outcome.NOTED: gettext("We take note of this point."),
            Outcome.OUTSIDE: gettext("This point is not a matter of this plan."),
            Outcome.LEFT_OUT_LATE: gettext("This point came after the period and is left out of account."),
        }
        return weighing.draft_reply(
            row,
            outcome_texts=outcome_texts,
            opening=f"{opening}\n\n{thanks % {'number': row.number, 'day': date_format(day, 'DATE_FORMAT')}}",
            closing=gettext("Yours sincerely"),
        )


@deciders
@form_page
def reply(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Write the reply to one statement."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.REPLY)
    row = statements.by_number(phase, key)
    form = ReplyForm(request.POST or None, initial={"text": _draft(row)})
    if form.is_valid():
        try:
            given = form.cleaned_data
            weighing.reply(row, given["text"], person=person_of(request), now=now, public=given["public"])
        except TandemError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, gettext("The reply is kept and, where there is an address, sent."))
            return redirect("participation:statement", slug, number, key)
    page = {**frame.phase_page(request, phase), "row": row, "form": form}
    return render(request, "participation/statements/reply.html", page)


@deciders
@require_POST
def reply_all(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Reply to every statement that is decided, with the text made from its weighing."""
    phase, now = access.visible_phase(request, slug, number), timezone.now()
    access.standing(request, phase, now).check(Action.REPLY)
    count, failed = weighing.reply_to_all(phase, draft=_draft, person=person_of(request), now=now)
    messages.success(request, gettext("%(count)s statements are answered.") % {"count": count})
    if failed:
        messages.error(
            request, gettext("%(count)s replies could not be sent; try again.") % {"count": failed}
        )
    return redirect("participation:statements", slug, number)


@readers
@require_safe
def letters(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the replies that go by post, one a page, to be printed."""
    phase = access.visible_phase(request, slug, number)
    rows = phase.statements.filter(author_email="", withdrawn_at=None).exclude(reply={})
    page = {**frame.phase_page(request, phase), "rows": rows}
    return render(request, "participation/statements/letters.html", page)
