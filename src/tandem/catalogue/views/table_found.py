"""The table that an address names, as far as the person may see it."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tandem.catalogue import access
from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services.explore import Table
from tandem.catalogue.services.tables import NoTable
from tandem.catalogue.views import shown


def distribution_or_404(request: HttpRequest, slug: str, position: int) -> tuple[Dataset, Distribution]:
    """Return the dataset and one of its distributions, as far as the person may have their data.

    Raises:
        Http404: There is none, or nobody outside may see it.
        Withdrawn: It was public once.
    """
    dataset = access.readable_dataset(request, slug)
    distribution = get_object_or_404(
        Distribution.objects.select_related("current"), dataset=dataset, position=position
    )
    distribution.dataset = dataset
    return dataset, distribution


def table_or_404(distribution: Distribution) -> Table:
    """Return the distribution's table.

    Raises:
        NoTable: There is no file yet, or one that holds no table.
    """
    if distribution.current is None or not distribution.current.report:
        raise NoTable(distribution.id)
    return Table.of(distribution.current)


def title_of(distribution: Distribution) -> str:
    """Return what a distribution is called: its title, else the name of its file."""
    filename = distribution.current.filename if distribution.current else ""
    return shown.texts(distribution.description.get("titles", {})) or filename
