"""Taking part without an account: confirm an address, see what is one's own, leave."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tandem.kit import throttle
from tandem.participation import access
from tandem.participation.forms.participants import AddressForm
from tandem.participation.services import participants
from tandem.participation.views.guards import form_page

MOST_MAILS, MAILS_SECONDS = 5, 3_600


def way_back(request: HttpRequest) -> str:
    """Return where the asker came from, if it is an address of ours; else an empty text."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if ours and wanted.startswith("/") else ""


@never_cache
@form_page
def address(request: HttpRequest) -> HttpResponse:
    """Ask for an address and send a link to it."""
    form = AddressForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        throttle.count(
            "participation.mail", throttle.client_key(request), most=MOST_MAILS, seconds=MAILS_SECONDS
        )
        participants.send_link(email, language=get_language() or "en", back=way_back(request))
        return render(request, "participation/address_sent.html", {"email": email})
    back = way_back(request)
    sign_in = reverse("account_login") + (f"?{urlencode({'next': back})}" if back else "")
    return render(request, "participation/address.html", {"form": form, "next": back, "sign_in": sign_in})


@never_cache
@form_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address. A link alone changes nothing: mail programs open links by themselves."""
    if request.method != "POST":
        email, _language, _back = participants.read_link(token)
        return render(request, "participation/confirm.html", {"email": email})
    found, back = participants.confirm(token)
    if found.person is None:
        access.remember(request, found)
        messages.success(
            request, gettext("Your address is confirmed. You can take part in this browser now.")
        )
        return redirect(back or "participation:processes")
    messages.info(request, gettext("There is an account with this address. Please sign in."))
    return redirect("account_login")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget, in this browser, who takes part."""
    access.forget(request)
    messages.success(request, gettext("This browser does not know you any more."))
    return redirect("participation:processes")
