"""What stands before a view: which duty its visitor needs, and how it may be asked."""

from django.views.decorators.http import require_http_methods

from tandem.accounts.access import staff
from tandem.participation.domain.permissions import ALLOWED, ROOM, Duty

readers = staff(ROOM, *ALLOWED[Duty.SEE_DRAFTS])
planners = staff(ROOM, *ALLOWED[Duty.PLAN])
moderators = staff(ROOM, *ALLOWED[Duty.MODERATE])
recorders = staff(ROOM, *ALLOWED[Duty.RECORD])
answerers = staff(ROOM, *ALLOWED[Duty.ANSWER])
deciders = staff(ROOM, *ALLOWED[Duty.DECIDE])
exporters = staff(ROOM, *ALLOWED[Duty.EXPORT])
form_page = require_http_methods(["GET", "HEAD", "POST"])
