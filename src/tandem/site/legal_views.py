"""What the law asks for: imprint, privacy, accessibility; and the messages that people send."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tandem.accounts.access import has_role, person_of, staff
from tandem.accounts.domain.roles import SITE, Role
from tandem.kit.installation import city, config
from tandem.site import feedback as feedbacks
from tandem.site.forms import FeedbackForm
from tandem.site.legal import missing
from tandem.site.models import Feedback

PER_PAGE = 30


def may_see_feedback(request: HttpRequest) -> bool:
    """Return whether the person may see what people wrote: an administrator."""
    return has_role(request.user, SITE, Role.ADMINISTRATOR)


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Say who answers for the portal."""
    return render(request, "site/imprint.html", _legal(request))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say which personal data the portal takes, and which it does not."""
    return render(request, "site/privacy.html", _legal(request))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how accessible the portal is, and how to report a barrier."""
    return render(request, "site/accessibility.html", _legal(request))


def _legal(request: HttpRequest) -> dict[str, Any]:
    legal = config().legal
    return {
        "legal": legal,
        "country": city().country,
        "tiles_host": urlsplit(config().map.base_map).hostname or "",
        "sign_up": config().accounts.sign_up,
        "missing": missing(legal) if may_see_feedback(request) else [],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Take a message about the portal; nobody needs an account."""
    form = FeedbackForm(request.POST or None, initial={"page": request.GET.get("page", "")[:500]})
    if form.is_valid():
        if not form.is_from_machine():
            feedbacks.keep(form.save(commit=False), language=get_language() or "en")
        messages.success(request, gettext("Thank you. Your message has arrived."))
        return redirect("feedback")
    return render(request, "site/feedback.html", {"form": form})


@require_safe
@staff(SITE, Role.ADMINISTRATOR)
def feedback_list(request: HttpRequest) -> HttpResponseBase:
    """Show the messages about the portal to administrators, those that are open first."""
    rows = Feedback.objects.order_by("closed_at", "-sent_at")
    if request.GET.get("state") != "all":
        rows = rows.filter(closed_at=None)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    url = reverse("feedback_list")
    tabs = [(gettext("Open"), url), (gettext("All"), f"{url}?state=all")]
    return render(request, "site/feedback_list.html", {"page": page, "tabs": tabs})


@require_POST
@staff(SITE, Role.ADMINISTRATOR)
def feedback_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Mark a message as dealt with."""
    feedbacks.close(get_object_or_404(Feedback, pk=pk), actor=person_of(request), now=timezone.now())
    messages.success(request, gettext("The message is marked as dealt with."))
    return redirect("feedback_list")
