"""Who asks, and whether they may."""

from functools import partial

from django.http import Http404, HttpRequest

from tandem.accounts.services.roles import has_role
from tandem.catalogue.domain.lifecycle import UNSEEN, Status
from tandem.catalogue.domain.permissions import ALLOWED, ROOM, Action
from tandem.catalogue.models import Dataset
from tandem.kit.identifiers import Withdrawn


def may(request: HttpRequest, action: Action) -> bool:
    """Return whether the person who asks may do this in the catalogue."""
    person = request.user
    return person.is_authenticated and has_role(person, ROOM, *ALLOWED[action])


may_edit = partial(may, action=Action.EDIT)
may_publish = partial(may, action=Action.PUBLISH)
may_harvest = partial(may, action=Action.HARVEST)
may_see_drafts = partial(may, action=Action.SEE_DRAFTS)


def visible_dataset(request: HttpRequest, slug: str) -> Dataset:
    """Return the dataset with that slug, as far as the person may see it; of one that was withdrawn, that it was.

    Raises:
        Http404: There is none, or nobody outside may see it and the person no member of staff.
    """
    try:
        dataset = Dataset.objects.select_related("source", "harvest_record").get(slug=slug)
    except Dataset.DoesNotExist as error:
        raise Http404 from error
    if Status(dataset.status) in UNSEEN and not may_see_drafts(request):
        raise Http404
    return dataset


def readable_dataset(request: HttpRequest, slug: str) -> Dataset:
    """Return the dataset with that slug where the person may have its data.

    Raises:
        Http404: As ``visible_dataset``.
        Withdrawn: It was public once, and the person is no member of staff.
    """
    dataset = visible_dataset(request, slug)
    if dataset.status == Status.WITHDRAWN and not may_see_drafts(request):
        raise Withdrawn
    return dataset
