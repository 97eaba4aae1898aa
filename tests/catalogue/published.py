"""Published datasets with tables, for tests."""

from datetime import UTC, datetime

from tandem.catalogue.models import Dataset, Distribution
from tandem.catalogue.services import datasets, imports, tables

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TREES = (
    "Nr;Art;Bezirk;Höhe (m);Umfang (cm);gepflanzt;gesund;Breite;Länge\n"
    "00001;Linde;Nord;12,5;80;01.03.1990;ja;51,68;7,82\n"
    "00002;Eiche;Nord;20,0;150;15.10.1975;ja;51,69;7,83\n"
    "00003;Linde;Süd;8,5;40;20.11.2015;nein;51,67;7,81\n"
    "00004;Ahorn;Süd;15,0;95;05.04.1990;ja;51,66;7,80\n"
    "00005;;Süd;;;;;51,66;7,84\n"
)


def dataset(
    content: str = TREES, *, title: str = "Bäume", status: str = "published", files: int = 1
) -> Dataset:
    """Return a dataset with the same table in each of its files."""
    made = datasets.begin(titles={"de": title, "en": title}, person=None, now=NOW)
    for _number in range(files):
        upload = tables.receive([content.encode()], filename="baeume.csv", media_type="text/csv")
        imports.add_file(made, upload, titles={"de": title, "en": title}, person=None, now=NOW, at_once=True)
    set_status(made, status)
    return made


def set_status(made: Dataset, status: str) -> None:
    """Give a dataset a status, past all rules."""
    Dataset.objects.filter(pk=made.pk).update(status=status, published_at=NOW)
    made.refresh_from_db()


def distribution(made: Dataset, position: int = 0) -> Distribution:
    """Return a dataset's distribution."""
    return Distribution.objects.select_related("current").get(dataset=made, position=position)
