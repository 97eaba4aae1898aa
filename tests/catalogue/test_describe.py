"""Describing: the forms, review and its history, services, series and agents, addresses that answer for ever."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.utils import timezone

from tandem.catalogue.adapters.dcat_read import read_catalogue
from tandem.catalogue.domain import vocabulary as v
from tandem.catalogue.domain.description import AgentDescription, ServiceDescription
from tandem.catalogue.domain.lifecycle import NeedsTwoPeople, Status, Step, WrongStatus
from tandem.catalogue.models import Agent, DataService, Dataset, DatasetSeries, HarvestSource, StatusChange
from tandem.catalogue.services import (
    agents,
    datasets,
    derived,
    history,
    imports,
    own_catalogue,
    publishing,
    records,
    tables,
)
from tandem.kit import installation
from tests.accounts.people import somebody

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = (
    "Baumart;Pflanzdatum;Breite;Länge\nLinde;01.03.2019;51,68;7,81\nEiche;12.11.2023;51,70;7,84\n".encode()
)


def now():
    return timezone.now()


def a_dataset(title: str = "Straßenbäume", content: bytes = TABLE) -> Dataset:
    dataset = datasets.begin(titles={"de": title}, person=None, now=now())
    upload = tables.receive([content], filename="baeume.csv", media_type="text/csv")
    imports.add_file(dataset, upload, titles={}, person=None, now=now(), at_once=True)
    dataset.refresh_from_db()
    return dataset


def complete(dataset: Dataset) -> Dataset:
    described = datasets.description_of(dataset)
    parts = tuple(replace(part, licence=v.LICENCES.by_code("CC0").iri) for part in described.distributions)
    whole = replace(described, descriptions={"de": "Alle Bäume."}, distributions=parts)
    datasets.describe(dataset, whole, person=None, now=now())
    dataset.refresh_from_db()
    return dataset


@pytest.fixture
def editor(page_client):
    person = somebody("catalogue:editor")
    page_client.force_login(person)
    return person


@pytest.fixture
def publisher(page_client):
    person = somebody("catalogue:publisher")
    page_client.force_login(person)
    return person


def filled(form) -> dict[str, object]:
    """Return what a browser would send back for a form as it was shown."""
    sent: dict[str, object] = {}
    for bound in form:
        widget, value = bound.field.widget, bound.value()
        if hasattr(widget, "widgets"):
            values = value if isinstance(value, list) else widget.decompress(value)
            names = getattr(widget, "widgets_names", None) or [f"_{n}" for n in range(len(values))]
            sent |= {
                f"{bound.html_name}{n}": "" if x is None else x for n, x in zip(names, values, strict=True)
            }
        elif isinstance(value, bool):
            sent |= {bound.html_name: "on"} if value else {}
        elif value is not None:
            sent[bound.html_name] = value
    return sent


# --- the form -----------------------------------------------------------------------------------
def test_the_form_asks_for_the_essential_first_and_groups_the_rest(page_client, editor):
    dataset = a_dataset()

    page = page_client.get(f"/de/data/{dataset.slug}/describe/")

    first, *others = page.context["form"].groups
    assert {"titles", "descriptions", "licence"} <= {entry.field.name for entry in first.entries}
    assert not any(group.is_open for group in others)
    assert b'<details class="group" id="group-when">' in page.content


def test_what_the_profile_demands_stands_on_top(page_client, editor):
    dataset = a_dataset()
    datasets.describe(
        dataset, replace(datasets.description_of(dataset), publisher=None), person=None, now=now()
    )

    page = page_client.get(f"/de/data/{dataset.slug}/describe/")

    first = next(iter(page.context["form"].groups))
    assert "publisher" in {entry.field.name for entry in first.entries}
    assert "Herausgeber" in " ".join(page.context["demanded"])


def test_what_the_table_tells_is_filled_in_and_said_to_be(page_client, editor):
    dataset = a_dataset()

    form = page_client.get(f"/de/data/{dataset.slug}/describe/").context["form"]

    assert str(form["temporal_start"].value()) == "2019-03-01"
    assert (form["south"].value(), form["east"].value()) == (51.68, 7.84)
    assert "Baumart" in form["keywords"].value()["de"]
    worth = {entry.field.name: entry.worth for group in form.groups for entry in group.entries}
    assert "aus der Tabelle" in worth["temporal_start"]


def test_saving_the_form_as_it_was_shown_loses_nothing(page_client, editor):
    dataset = complete(a_dataset())
    rich = replace(
        datasets.description_of(dataset),
        titles={"de": "Bäume", "fr": "Arbres"},
        keywords={"de": ("Baum",), "fr": ("arbre",)},
        languages=(f"{v.AUTHORITY}/language/DEU",),
        spatial=("http://data.europa.eu/nuts/code/DEA", "https://elsewhere.example/place"),
        bounds=(7.0, 51.0, 8.0, 52.0),
        temporal=(),
        spatial_resolution="0.5",
        temporal_resolution="P1D",
        conforms_to=("https://standard.example/1",),
        pages=("https://page.example/1", "https://page.example/2"),
        version="1.0",
        creators=(AgentDescription({"de": "Amt"}, iri="https://elsewhere.example/agent"),),
        extra=('<https://x.example/1> <https://b.example/x> "more" .',),
        in_series=("https://elsewhere.example/series",),
    )
    datasets.describe(dataset, rich, person=None, now=now())
    url = f"/de/data/{dataset.slug}/describe/"
    before = datasets.description_of(Dataset.objects.get(pk=dataset.pk))
    form = page_client.get(url).context["form"]
    sent = {name: value for name, value in filled(form).items() if name not in form.suggested}
    sent = {name: value for name, value in sent.items() if not name.startswith("temporal_start")}
    sent = {name: value for name, value in sent.items() if not name.startswith("temporal_end")}

    answer = page_client.post(url, sent)

    assert answer.status_code == 302
    assert datasets.description_of(Dataset.objects.get(pk=dataset.pk)) == before


def test_terms_are_chosen_by_name_and_a_wrong_one_is_told_with_what_is_alike(page_client, editor):
    dataset = a_dataset()
    url = f"/de/data/{dataset.slug}/describe/"

    good = page_client.post(url, {"titles_de": "Bäume", "places": ["Nordrhein-Westfalen", ""]})
    bad = page_client.post(url, {"titles_de": "Ganz neu", "places": ["Nordrein-Westfalen", ""]})

    assert good.status_code == 302
    assert datasets.description_of(Dataset.objects.get(pk=dataset.pk)).spatial == (f"{v.NUTS}/DEA",)
    text = bad.content.decode()
    assert "Nordrhein-Westfalen" in str(bad.context["form"].errors["places"])
    assert 'value="Nordrein-Westfalen"' in text
    assert 'value="Ganz neu"' in text
    assert Dataset.objects.get(pk=dataset.pk).description["titles"] == {"de": "Bäume"}


def test_a_group_with_a_mistake_stands_open(page_client, editor):
    dataset = a_dataset()

    page = page_client.post(
        f"/de/data/{dataset.slug}/describe/", {"titles_de": "x", "west": "7", "pages": "no address"}
    )

    opened = {group.key for group in page.context["form"].groups if group.is_open}
    assert {"where", "names"} <= opened
    assert {"south", "pages"} <= set(page.context["form"].errors)


def test_high_value_categories_bring_the_regulation_along(page_client, editor):
    dataset = complete(a_dataset())
    sent = {"titles_de": "x", "hvd_categories": ["http://data.europa.eu/bna/c_ac64a52d"]}

    page_client.post(f"/de/data/{dataset.slug}/describe/", sent)

    described = datasets.description_of(Dataset.objects.get(pk=dataset.pk))
    assert v.HVD_LEGISLATION in described.legislation
    assert all(v.HVD_LEGISLATION in part.legislation for part in described.distributions)


def test_the_check_says_what_would_be_found_and_saves_nothing(page_client, editor):
    dataset = a_dataset()
    before = Dataset.objects.get(pk=dataset.pk).description

    answer = page_client.post(
        f"/de/data/{dataset.slug}/describe/check/", {"titles_de": "y" * 250}, headers={"HX-Request": "true"}
    )

    assert "catalogue.description.long-title" in answer.content.decode()
    assert Dataset.objects.get(pk=dataset.pk).description == before


def test_the_form_needs_as_many_queries_with_thirty_series_as_with_one(
    page_client, editor, django_assert_max_num_queries
):
    dataset = a_dataset()
    for number in range(30):
        records.begin(records.SERIES, titles={"de": f"Reihe {number}"}, person=None, now=now())
        agents.add(AgentDescription({"de": f"Amt {number}"}), person=None, now=now())
    page_client.get(f"/de/data/{dataset.slug}/describe/")

    with django_assert_max_num_queries(20):
        page_client.get(f"/de/data/{dataset.slug}/describe/")


# --- files and addresses ------------------------------------------------------------------------
def test_an_address_is_described_with_its_format_and_its_service(page_client, editor):
    dataset = a_dataset()
    service = records.begin(records.SERVICE, titles={"de": "Bäume abfragen"}, person=None, now=now())
    sent = {"title": "Karte", "access_url": "https://maps.example/wfs"}

    begun = page_client.post(f"/de/data/{dataset.slug}/add-address/", sent)
    form = page_client.get(begun["Location"]).context["form"]
    values = {**filled(form), "format": "GeoJSON", "services": ["Bäume abfragen", ""]}
    answer = page_client.post(begun["Location"], values)

    assert answer.status_code == 302
    part = datasets.description_of(Dataset.objects.get(pk=dataset.pk)).distributions[1]
    assert (part.access_url, part.services) == ("https://maps.example/wfs", (service.iri,))
    assert part.format.endswith("/GEOJSON")
    assert part.media_type.endswith("application/geo+json")


def test_a_file_of_ours_is_not_asked_what_the_file_itself_tells(page_client, editor):
    dataset = a_dataset()

    form = page_client.get(f"/de/data/{dataset.slug}/0/describe/").context["form"]

    assert not {"access_url", "format", "media_type"} & set(form.fields)


# --- review -------------------------------------------------------------------------------------
def test_a_description_goes_to_review_comes_back_and_is_published_with_its_history(client, page_client):
    writer, reader = somebody("catalogue:editor"), somebody("catalogue:publisher")
    dataset = complete(a_dataset())
    page = f"/de/data/{dataset.slug}/"
    page_client.force_login(writer)
    page_client.post(f"{page}submit/", {"note": "Bitte prüfen"})
    assert client.get(page).status_code == 404
    page_client.force_login(reader)
    assert "in Prüfung" in page_client.get("/de/data/drafts/").content.decode()
    page_client.post(f"{page}send-back/", {"note": "Quelle fehlt"})
    page_client.force_login(writer)
    assert "Quelle fehlt" in page_client.get(f"{page}describe/").content.decode()
    page_client.post(f"{page}submit/", {"note": ""})
    page_client.force_login(reader)
    page_client.post(f"{page}publish/")

    steps = [(each.step, each.person) for each in history.history_of(dataset.iri)]
    assert steps == [
        ("publish", reader),
        ("submit", writer),
        ("send-back", reader),
        ("submit", writer),
        ("begin", None),
    ]
    text = page_client.get(page).content.decode()
    assert "Quelle fehlt" in text
    assert "Quelle fehlt" not in client.get(page).content.decode()


def test_an_editor_may_not_publish_nor_send_back(page_client, editor):
    dataset = complete(a_dataset())
    page_client.post(f"/de/data/{dataset.slug}/submit/", {"note": ""})

    answers = [
        page_client.post(f"/de/data/{dataset.slug}/{step}/", {"note": "x"})
        for step in ("publish", "send-back")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Dataset.objects.get(pk=dataset.pk).status == Status.REVIEW


def test_what_is_incomplete_is_not_given_to_review(page_client, editor):
    dataset = a_dataset()

    answer = page_client.post(f"/de/data/{dataset.slug}/submit/", {"note": ""}, follow=True)

    assert Dataset.objects.get(pk=dataset.pk).status == Status.DRAFT
    assert "Beschreibung" in answer.content.decode()


@pytest.fixture
def four_eyes(monkeypatch):
    config = installation.config()
    strict = replace(config, catalogue=replace(config.catalogue, four_eyes=True))
    monkeypatch.setattr(installation, "config", lambda: strict)


def test_where_the_city_wants_four_eyes_nobody_publishes_alone(four_eyes):
    one, other = somebody("catalogue:publisher"), somebody("catalogue:publisher")
    dataset = complete(a_dataset())

    with pytest.raises(NeedsTwoPeople):
        publishing.publish(dataset, person=one, now=now())
    publishing.submit(dataset, note="", person=one, now=now())
    with pytest.raises(NeedsTwoPeople):
        publishing.publish(dataset, person=one, now=now())
    publishing.publish(dataset, person=other, now=now())

    assert Dataset.objects.get(pk=dataset.pk).status == Status.PUBLISHED


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("step", [Step.SUBMIT, Step.SEND_BACK, Step.PUBLISH, Step.WITHDRAW])
def test_a_step_that_is_not_possible_changes_nothing(status, step):
    row = records.begin(records.SERIES, titles={"de": "Reihe"}, person=None, now=now())
    described = replace(records.description_of(row), descriptions={"de": "x"})
    records.describe(row, described, person=None, now=now())
    row.status = status
    row.save(update_fields=["status"])
    possible = {
        (Status.DRAFT, Step.SUBMIT),
        (Status.WITHDRAWN, Step.SUBMIT),
        (Status.REVIEW, Step.SEND_BACK),
        (Status.DRAFT, Step.PUBLISH),
        (Status.REVIEW, Step.PUBLISH),
        (Status.WITHDRAWN, Step.PUBLISH),
        (Status.PUBLISHED, Step.WITHDRAW),
    }
    count = StatusChange.objects.count()

    if (status, step) in possible:
        records.take_step(row, step, person=None, now=now(), note="n")
        assert StatusChange.objects.count() == count + 1
    else:
        with pytest.raises(WrongStatus):
            records.take_step(row, step, person=None, now=now(), note="n")
        assert DatasetSeries.objects.get(pk=row.pk).status == status
        assert StatusChange.objects.count() == count


# --- services, series, agents -------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["service", "series"])
def test_a_service_and_a_series_are_begun_described_published_and_withdrawn(
    page_client, publisher, client, kind
):
    dataset = complete(a_dataset())
    publishing.publish(dataset, person=publisher, now=now())
    begun = page_client.post(f"/de/data/{kind}/new/", {"title": "Grün in der Stadt"})
    form = page_client.get(begun["Location"]).context["form"]
    values = {
        **filled(form),
        "descriptions_de": "Jedes Jahr",
        "endpoint_urls": "https://api.example/trees\nhttps://api.example/2",
        "serves": ["Straßenbäume", ""],
    }
    page_client.post(begun["Location"], values)
    page = f"/de/data/{kind}/gruen-in-der-stadt/"
    assert client.get(page).status_code == 404
    page_client.post(f"{page}publish/")

    assert "Grün in der Stadt" in page_client.get(f"/de/data/{kind}/").content.decode()
    shown = page_client.get(page).content.decode()
    assert ("Straßenbäume" in shown) == (kind == "service")
    page_client.post(f"{page}withdraw/", {"reason": "Neu erfasst"})
    client.logout()
    gone = client.get(page)
    assert (gone.status_code, "Neu erfasst" in gone.content.decode()) == (410, True)


def test_a_change_of_an_agent_reaches_all_descriptions_that_name_it(page_client, editor):
    page_client.post("/de/data/agents/new/", {"names_de": "Grünflächenamt", "mail": "gruen@hamm.example"})
    agent = Agent.objects.get()
    dataset = a_dataset()
    page_client.post(f"/de/data/{dataset.slug}/describe/", {"titles_de": "x", "creators": [agent.iri]})

    page_client.post(f"/de/data/agents/{agent.pk}/describe/", {"names_de": "Umweltamt", "mail": ""})

    made_by = datasets.description_of(Dataset.objects.get(pk=dataset.pk)).creators
    assert [(each.names, each.mail, each.iri) for each in made_by] == [({"de": "Umweltamt"}, "", agent.iri)]
    assert "Umweltamt" in page_client.get("/de/data/agents/").content.decode()


def test_a_dataset_shows_its_series_and_the_series_its_datasets(page_client, publisher):
    series = records.begin(records.SERIES, titles={"de": "Alle Jahre"}, person=None, now=now())
    records.describe(
        series,
        replace(records.description_of(series), descriptions={"de": "x"}),
        person=None,
        now=now(),
    )
    records.take_step(series, Step.PUBLISH, person=None, now=now())
    dataset = complete(a_dataset())
    described = replace(datasets.description_of(dataset), in_series=(series.iri,))
    datasets.describe(dataset, described, person=None, now=now())
    publishing.publish(dataset, person=None, now=now())

    assert "Alle Jahre" in page_client.get(f"/de/data/{dataset.slug}/").content.decode()
    assert "Straßenbäume" in page_client.get(f"/de/data/series/{series.slug}/").content.decode()
    feed = read_catalogue(page_client.get("/catalogue.ttl").content, media_type="text/turtle", base_iri="a:a")
    assert [each.iri for each in feed.series] == [series.iri]
    alone = page_client.get(f"/id/dataset/{dataset.pk}.ttl").content
    assert read_catalogue(alone, media_type="text/turtle", base_iri="a:a").series == feed.series


def test_what_a_partner_has_of_services_and_series_is_taken_over_and_goes_with_it():
    source = HarvestSource.objects.create(key="p", titles={}, url="https://p.example/c.ttl")
    service = ServiceDescription(
        "https://p.example/api", {"de": "API"}, endpoint_urls=("https://p.example/x",)
    )

    for _again in range(2):
        records.take_over(source, [service], [], now=now(), complete=True)
    row = DataService.objects.get()
    assert (row.status, records.description_of(row)) == (Status.PUBLISHED, service)
    records.take_over(source, [], [], now=now(), complete=False)
    assert DataService.objects.count() == 1
    records.take_over(source, [], [], now=now(), complete=True)
    assert DataService.objects.count() == 0


# --- addresses for ever -------------------------------------------------------------------------
@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_persistent_addresses_answer_people_and_machines(client, accept):
    dataset = complete(a_dataset())
    publishing.publish(dataset, person=None, now=now())
    part = dataset.distributions.get()
    series = records.begin(records.SERIES, titles={"de": "Reihe"}, person=None, now=now())
    records.describe(
        series, replace(records.description_of(series), descriptions={"de": "x"}), person=None, now=now()
    )
    records.take_step(series, Step.PUBLISH, person=None, now=now())
    agent = agents.add(AgentDescription({"de": "Amt"}), person=None, now=now())
    city = own_catalogue.our_agent().iri.rpartition("/")[2]
    paths = [
        f"/id/dataset/{dataset.pk}",
        f"/id/distribution/{part.pk}",
        f"/id/series/{series.pk}",
        f"/id/agent/{agent.pk}",
        f"/id/agent/{city}",
    ]

    for path in paths:
        people = client.get(path, headers={"accept": "text/html"})
        assert people.status_code == 303
        assert client.get(people["Location"].partition("#")[0]).status_code == 200
        machines = client.get(path, headers={"accept": accept}, follow=True)
        assert machines.status_code == 200
        assert machines["Content-Type"].startswith(accept)


@pytest.mark.parametrize("kind", ["dataset", "series"])
def test_a_withdrawn_address_says_so_and_why_to_people_and_to_machines(client, kind):
    if kind == "dataset":
        row = complete(a_dataset())
        publishing.publish(row, person=None, now=now())
        publishing.withdraw(row, reason="Doppelt erfasst", person=None, now=now())
    else:
        row = records.begin(records.SERIES, titles={"de": "Reihe"}, person=None, now=now())
        records.describe(
            row, replace(records.description_of(row), descriptions={"de": "x"}), person=None, now=now()
        )
        records.take_step(row, Step.PUBLISH, person=None, now=now())
        records.take_step(row, Step.WITHDRAW, person=None, now=now(), note="Doppelt erfasst")
    path = f"/id/{kind}/{row.pk}"

    people = client.get(path, headers={"accept": "text/html"}, follow=True)
    machines = client.get(path, headers={"accept": "text/turtle"}, follow=True)

    assert (people.status_code, "Doppelt erfasst" in people.content.decode()) == (410, True)
    assert machines.status_code == 410
    text = machines.content.decode()
    assert "distribution-status/WITHDRAWN" in text
    assert "Doppelt erfasst" in text


def test_the_contributor_of_the_configuration_is_said_and_not_kept(monkeypatch):
    config = installation.config()
    delivered = "http://dcat-ap.de/def/contributors/hamm"
    with_one = replace(config, catalogue=replace(config.catalogue, contributor_id=delivered))
    dataset = complete(a_dataset())
    monkeypatch.setattr(installation, "config", lambda: with_one)

    described = datasets.description_of(dataset)
    datasets.describe(dataset, described, person=None, now=now())

    assert described.contributor_ids == (delivered,)
    assert "contributor_ids" not in Dataset.objects.get(pk=dataset.pk).description


# --- derived ------------------------------------------------------------------------------------
def test_coordinates_that_lie_nowhere_make_no_box():
    content = "Name;Breite;Länge\nA;5400000,5;3400000,5\n".encode()

    assert derived.derived_of(a_dataset(content=content)).bounds == ()


def test_the_migration_is_complete():
    call_command("makemigrations", "catalogue", check=True, dry_run=True, verbosity=0)


def test_the_check_speaks_while_something_is_wrong(page_client, editor):
    dataset = complete(a_dataset())
    url = f"/de/data/{dataset.slug}/describe/check/"
    wrong = {"titles_de": "x", "places": ["Toscanna"], "west": "7", "pages": "no", "temporal_start_0": "99"}

    answer = page_client.post(url, wrong, headers={"HX-Request": "true"})

    assert (answer.status_code, b"405" in answer.content) == (200, True)
