"""Adopted indicators: values by hand and from a file, corrected with a trace, shown, given away as open data."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tandem.accounts.models import AuditEntry
from tandem.catalogue.domain.lifecycle import Status
from tandem.catalogue.models import Dataset
from tandem.catalogue.services import offered as catalogue
from tandem.exchange import offers
from tandem.exchange.domain.comparison import Measured
from tandem.exchange.models import AdoptedIndicator, Evidence, IndicatorData, IndicatorValue, Measure
from tandem.exchange.services import indicator_data, indicators, own_values, personal
from tandem.kit import opendata
from tests.accounts.people import client_of, somebody
from tests.exchange.indicators import DAY, adopted, enter, live
from tests.exchange.measures import LONG, NOW, published_measure
from tests.failing_writes import Injected, failing_at

pytestmark = pytest.mark.django_db
NOBODY, CITIZEN, OTHER, READER, OFFICER, ADMINISTRATOR = (
    "nobody",
    "",
    "catalogue:publisher",
    "exchange:reader",
    "exchange:exchange-officer",
    "site:administrator",
)
EVERYBODY = (NOBODY, CITIZEN, OTHER, READER, OFFICER, ADMINISTRATOR)
STAFF, OFFICERS = {READER, OFFICER, ADMINISTRATOR}, {OFFICER, ADMINISTRATOR}
STAFF_PAGES = ("indicator_edit", "indicator_value_new", "indicator_upload")


@pytest.fixture
def clients(page_client: Any) -> dict[str, Any]:
    people = {role: client_of(somebody(*([role] if role else []), armed=False)) for role in EVERYBODY[1:]}
    return {NOBODY: page_client, **people}


@pytest.fixture
def client(client_as: Any) -> Any:
    """Return the client of an officer."""
    return client_as(OFFICER)


@pytest.fixture
def a_catalogue() -> Iterator[None]:
    """Let the catalogue take what is offered."""
    before = list(opendata._takers)
    opendata.register_taker(catalogue.take, catalogue.keeps)
    yield
    opendata._takers[:] = before


def url(name: str, row: AdoptedIndicator, *more: Any) -> str:
    return reverse(f"exchange:{name}", args=[row.slug, *more])


def typed(on: date, value: str, note: str = "") -> dict[str, Any]:
    return {"on_day": on.day, "on_month": on.month, "on_year": on.year, "value": value, "note": note}


def upload(client: Any, row: AdoptedIndicator, text: str, **more: str) -> Any:
    return client.post(
        url("indicator_upload", row), {"file": SimpleUploadedFile("values.csv", text.encode()), **more}
    )


def kept(row: AdoptedIndicator) -> list[tuple[str, str, str]]:
    return [(each.on.isoformat(), f"{each.value:.1f}", each.note) for each in row.values.order_by("on")]


def trail() -> list[tuple[str, dict[str, Any]]]:
    rows = AuditEntry.objects.filter(action__startswith="exchange.indicator-value").order_by("id")
    return [(each.action.rpartition(".")[2], each.detail) for each in rows]


# --- by hand ------------------------------------------------------------------------------------
def test_a_value_is_entered_corrected_and_removed_and_the_trail_keeps_what_it_was(client: Any):
    row = adopted()
    assert client.post(url("indicator_value_new", row), typed(DAY, "31.5", "rain")).status_code == 302
    assert kept(row) == [("2026-05-31", "31.5", "rain")]
    page = client.get(url("indicator", row)).content.decode()
    assert ("31.5" in page, "rain" in page) == (True, True)

    value = row.values.get()
    form = client.get(url("indicator_value", row, value.pk)).content.decode()
    assert 'value="31.5"' in form
    assert client.post(url("indicator_value", row, value.pk), typed(DAY, "13", "sun")).status_code == 302
    assert kept(row) == [("2026-05-31", "13.0", "sun")]
    assert client.post(url("indicator_value", row, value.pk), {"step": "remove"}).status_code == 302
    assert kept(row) == []
    assert trail() == [
        ("add", {"on": "2026-05-31", "value": "31.5"}),
        ("correct", {"on": "2026-05-31", "value": "13", "before": {"on": "2026-05-31", "value": "31.5"}}),
        ("remove", {"on": "2026-05-31", "value": "13"}),
    ]
    assert (
        AuditEntry.objects.filter(actor__isnull=True, action="exchange.indicator-value.remove").count() == 0
    )


def test_many_are_entered_one_after_the_other(client: Any):
    row = adopted()
    answer = client.post(url("indicator_value_new", row), {**typed(DAY, "1"), "then": "again"})

    assert answer.url == url("indicator_value_new", row)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (typed(DAY, "much"), "Enter a number"),
        (typed(DAY, ""), "This field is required"),
        ({**typed(DAY, "1"), "on_day": 32}, "There is no such date"),
        (typed(timezone.localdate() + timedelta(days=1), "1"), "is still to come"),
        (typed(DAY - timedelta(days=1), "1"), "has a value already"),
        (typed(DAY, "1", "a" * 301), "at most 300 characters"),
        (typed(DAY, "1" * 15), "14 digits before the decimal point"),
    ],
)
def test_what_will_not_do_is_told_and_what_was_typed_is_kept(client: Any, given: dict[str, Any], says: str):
    row = adopted()
    enter(row, DAY - timedelta(days=1), "7")
    answer = client.post(url("indicator_value_new", row), given)
    text = answer.content.decode()

    assert (answer.status_code, says in text) == (400, True)
    assert f'value="{given["on_year"]}"' in text
    assert kept(row) == [("2026-05-30", "7.0", "")]


def test_a_correction_moves_no_value_onto_another(client: Any):
    row = adopted()
    first, second = enter(row, DAY - timedelta(days=1), "1"), enter(row, DAY, "2")
    answer = client.post(url("indicator_value", row, first.pk), typed(DAY, "5"))

    assert (answer.status_code, len(kept(row))) == (400, 2)
    indicators.correct(second, on=DAY, value=Decimal(2), note="", person=None, now=NOW)
    assert [what for what, _about in trail()] == ["add", "add"]  # what is the same is no correction
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorValue.objects.create(indicator=row, on=DAY, value=1, entered_at=NOW)


def test_a_value_of_another_indicator_is_not_there(client: Any):
    row, other = adopted(), adopted(key="stops")
    value = enter(other, DAY, "1")

    assert client.get(url("indicator_value", row, value.pk)).status_code == 404
    assert client.post(url("indicator_value", row, value.pk), {"step": "remove"}).status_code == 404
    assert IndicatorValue.objects.count() == 1


# --- from a file --------------------------------------------------------------------------------
def test_a_file_of_values_is_taken_in(client: Any):
    row = adopted()
    enter(row, date(2026, 3, 31), "30")
    answer = upload(client, row, "Datum;Wert;Farbe\n31.03.2026;30,0;rot\n30.04.2026;28,5;\n", follow="")
    assert answer.status_code == 302
    page = client.get(url("indicator", row)).content.decode()

    assert "Values added: 1, corrected: 0, known already: 1." in page
    assert "The column “Farbe” is not known here. It is left out." in page
    assert kept(row) == [("2026-03-31", "30.0", ""), ("2026-04-30", "28.5", "")]
    assert trail()[1:] == [("upload", {"added": 1, "same": 1, "corrected": []})]


def test_a_file_with_faults_is_told_line_by_line_and_nothing_of_it_is_taken_in(client: Any):
    row = adopted()
    answer = upload(client, row, "date;value\n2026-03-31;30\n2026-04-31;1\n2026-04-30;many\n")
    text = answer.content.decode()

    assert (answer.status_code, kept(row), trail()) == (400, [], [])
    for part in ("Its faults: 2.", "“2026-04-31” is no date", "“many” is no number", "finding-path"):
        assert part in text


def test_a_file_corrects_only_where_that_is_said(client: Any):
    row = adopted()
    enter(row, DAY, "30")
    refused = upload(client, row, "2026-05-31;31\n2026-05-30;1\n")
    assert (refused.status_code, "has a value already: 30" in refused.content.decode()) == (400, True)
    assert kept(row) == [("2026-05-31", "30.0", "")]

    assert upload(client, row, "2026-05-31;31\n2026-05-30;1\n", replace="on").status_code == 302
    assert kept(row) == [("2026-05-30", "1.0", ""), ("2026-05-31", "31.0", "")]
    assert trail()[-1] == (
        "upload",
        {"added": 1, "same": 0, "corrected": [{"on": "2026-05-31", "value": "31", "before": "30"}]},
    )


def test_what_is_given_away_as_a_file_is_taken_in_again(client: Any):
    row, other = live(), adopted(key="again")
    for number, day in enumerate((DAY, DAY - timedelta(days=1))):
        enter(row, day, f"{number}.25", "first; second")
    content = client.get(url("indicator_csv", row)).content.decode()

    assert upload(client, other, content).status_code == 302
    assert kept(other) == kept(row)


# --- described here -----------------------------------------------------------------------------
def test_an_officer_says_how_it_is_measured_here_and_other_languages_stay(client: Any):
    row = adopted(titles={"en": "Mean wait", "fr": "Attente"}, target=20)
    given = {"titles_en": "Wait", "titles_de": "Warten", "methods_it": "Con telecamera", "target": "18.5"}
    answer = client.post(
        url("indicator_edit", row), {**given, "interval": "weekly", "responsible": "Traffic office"}
    )
    row.refresh_from_db()

    assert answer.status_code == 302
    assert row.fields == {
        "titles": {"en": "Wait", "de": "Warten", "fr": "Attente"},
        "unit": "s",
        "better": "lower",
        "target": 18.5,
        "methods": {"it": "Con telecamera"},
        "interval": "weekly",
        "responsible": "Traffic office",
    }
    entry = AuditEntry.objects.get(action="exchange.indicator.describe")
    assert entry.detail == {"changed": ["interval", "methods", "target", "titles"]}


# --- who may ------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["draft", "live", "withdrawn"])
def test_who_sees_an_indicator(clients: dict[str, Any], state: str):
    row = adopted()
    AdoptedIndicator.objects.filter(pk=row.pk).update(state=state)
    for name in ("indicator", "indicator_csv"):
        answers = {who: each.get(url(name, row)).status_code for who, each in clients.items()}
        assert answers == {who: 200 if state == "live" or who in STAFF else 404 for who in EVERYBODY}
    listed = {
        who: row.slug in each.get(reverse("exchange:indicators")).content.decode()
        for who, each in clients.items()
    }
    assert listed == {who: state == "live" or who in STAFF for who in EVERYBODY}


@pytest.mark.parametrize("state", ["draft", "live", "withdrawn"])
@pytest.mark.parametrize("page", [*STAFF_PAGES, "indicator_value"])
def test_only_officers_change_anything(clients: dict[str, Any], state: str, page: str):
    row = adopted()
    value = enter(row, DAY, "7")
    AdoptedIndicator.objects.filter(pk=row.pk).update(state=state)
    address = url(page, row, *([value.pk] if page == "indicator_value" else []))
    answers = {who: each.get(address).status_code for who, each in clients.items()}
    assert answers == {who: 200 if who in OFFICERS else 302 if who == NOBODY else 403 for who in EVERYBODY}

    before = kept(row)
    for who in set(EVERYBODY) - OFFICERS:
        assert clients[who].post(address, {**typed(DAY, "8"), "step": "remove"}).status_code in {302, 403}
        assert clients[who].post(reverse("exchange:indicators_offer")).status_code in {302, 403}
    row.refresh_from_db()
    assert (kept(row), row.state, IndicatorData.objects.count()) == (before, state, 0)


# --- pages --------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["de", "it", "en"])
@pytest.mark.parametrize("role", ["", OFFICER])
def test_every_page_is_there_in_each_language_with_nothing_little_and_much(
    client_as: Any, language: str, role: str
):
    measure = published_measure()
    client = client_as(*([role] if role else []))
    base = f"/{language}/indicators"
    assert client.get(f"{base}/").status_code == 200
    row = live(measure=measure.iri, titles={"de": LONG.strip()[:200]})
    assert client.get(f"{base}/{row.slug}/").status_code == 200
    for number in range(60):
        enter(row, DAY - timedelta(days=number), f"{number}.5", "Ein langer Hinweis zu diesem Wert." * 3)
    pages = ["", f"{row.slug}/", f"{row.slug}/?page=2"]
    if role:
        value = row.values.first()
        pages += [
            f"{row.slug}/{each}/"
            for each in ("describe", "values/new", "values/upload", f"values/{value.pk}")
        ]
    assert {page: client.get(f"{base}/{page}").status_code for page in pages} == dict.fromkeys(pages, 200)


def test_an_indicator_leads_to_its_measure_and_to_where_it_comes_from(client_as: Any):
    measure = published_measure()
    row = live(measure=measure.iri)
    page = client_as().get(url("indicator", row)).content.decode()
    assert f'href="{reverse("exchange:measure", args=[measure.slug])}"' in page
    assert f'href="{row.origin["path"]}" rel="external"' in page

    unknown = live(key="other")
    page = client_as().get(url("indicator", unknown)).content.decode()
    assert f'href="{unknown.measure}" rel="external"' in page


def test_a_measure_that_is_no_longer_public_is_named_to_staff_alone(client_as: Any):
    measure = published_measure()
    row = live(measure=measure.iri)
    Measure.objects.filter(pk=measure.pk).update(status="draft", announcement={})
    title = "Intelligent light"

    assert title not in client_as().get(url("indicator", row)).content.decode()
    assert title not in client_as().get(reverse("exchange:indicators")).content.decode()
    assert title in client_as(READER).get(url("indicator", row)).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_pages_take_few_queries_whatever_their_length(
    client_as: Any, django_assert_max_num_queries: Any, count: int
):
    rows = [live(key=f"i{number}", measure=published_measure(f"No. {number}").iri) for number in range(count)]
    for number in range(count * 4):
        enter(rows[0], DAY - timedelta(days=number), "1")
    for client in (client_as(), client_as(OFFICER)):
        for address in (reverse("exchange:indicators"), url("indicator", rows[0])):
            with django_assert_max_num_queries(8):
                assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 300])
def test_a_file_takes_as_many_queries_for_many_rows(django_assert_max_num_queries: Any, count: int):
    row = adopted()
    first = date(2024, 1, 1)
    table = "".join(f"{first + timedelta(days=number)};{number}\n" for number in range(count))
    again = table.replace(";", ";1")
    with django_assert_max_num_queries(8):
        indicators.take_table(row, table.encode(), replace=False, person=None, now=NOW)
    with django_assert_max_num_queries(8):
        indicators.take_table(row, again.encode(), replace=True, person=None, now=NOW)
    assert row.values.count() == count


@pytest.mark.urls("tests.exchange.id_urls")
def test_a_persistent_address_leads_to_the_page(client_as: Any):
    row, draft = live(), adopted(key="draft")
    answer = client_as().get(f"/id/indicator/{row.pk}")

    assert row.iri == f"http://localhost:8000/id/indicator/{row.pk}"
    assert (answer.status_code, answer["Location"].endswith(f"/indicators/{row.slug}/")) == (303, True)
    assert client_as().get(f"/id/indicator/{draft.pk}").status_code == 404
    assert [slug for slug, _at in offers.public_indicators()] == [row.slug]


def test_values_stand_under_each_other_with_as_many_decimals(client_as: Any):
    row = live()
    for number, value in enumerate(("30", "27.25", "1200.5")):
        enter(row, DAY - timedelta(days=number), value)
    page = client_as().get(url("indicator", row)).content.decode()

    assert [
        value for value in ("30.00", "27.25", "1,200.50") if f'<td class="number">{value}</td>' in page
    ] == [
        "30.00",
        "27.25",
        "1,200.50",
    ]


# --- this city's own values ---------------------------------------------------------------------
def test_own_values_are_those_of_live_indicators_and_evidence_that_is_ours(django_assert_num_queries: Any):
    measure = published_measure()  # with evidence of ours: 41.5 on 1.1.2023, 22 on 1.1.2024
    Evidence.objects.create(measure=measure, indicator="wait", city="arezzo", on=DAY, value=1)
    Evidence.objects.create(measure=measure, indicator="", city="hamm", on=DAY, says={"en": "A report"})
    row = adopted(measure=measure.iri)
    enter(row, date(2024, 1, 1), "23")
    enter(row, DAY, "19.5")
    stops = live(measure=measure.iri, key="stops")
    enter(stops, DAY, "3")
    draft = adopted(measure=measure.iri, key="draft")
    enter(draft, DAY, "4")
    other = live(measure="https://arezzo.example/id/measure/2")
    enter(other, DAY, "5")
    evidence = (Measured(date(2023, 1, 1), 41.5), Measured(date(2024, 1, 1), 22.0))
    told = {"stops": (Measured(DAY, 3.0),)}

    assert own_values.measured(measure.iri) == {**told, "wait": evidence}
    indicators.publish(row, person=None, now=NOW)
    with django_assert_num_queries(2):
        assert own_values.measured(measure.iri) == {
            **told,
            "wait": (evidence[0], Measured(date(2024, 1, 1), 23.0), Measured(DAY, 19.5)),
        }
    indicators.withdraw(row, person=None, now=NOW)
    assert own_values.measured(measure.iri) == {**told, "wait": evidence}
    assert own_values.measured("https://arezzo.example/id/measure/none") == {}


# --- open data ----------------------------------------------------------------------------------
def test_values_are_offered_as_one_dataset_and_brought_up_to_date(client: Any, a_catalogue: None):
    row = live()
    enter(row, DAY, "19.5", "rain")
    enter(adopted(key="draft"), DAY, "4")
    assert client.post(reverse("exchange:indicators_offer"), follow=True).status_code == 200
    dataset = Dataset.objects.get()
    assert dataset.description["titles"]["en"] == "Indicators of adopted measures"
    assert {each.current.filename for each in dataset.distributions.all()} == {"indicators.csv", "values.csv"}
    assert dataset.slug in client.get(reverse("exchange:indicators")).content.decode()

    enter(row, DAY - timedelta(days=1), "20")
    indicator_data.offer_due(NOW)
    values = Dataset.objects.get().distributions.get(position=1)
    assert (values.current.filename, values.current.number, values.current.rows) == ("values.csv", 2, 2)
    assert IndicatorData.objects.count() == 1
    assert [each.action for each in AuditEntry.objects.filter(action="exchange.indicators.offer")] == [
        "exchange.indicators.offer"
    ] * 2


@pytest.mark.parametrize(
    "gone", [lambda made: made.update(status=Status.WITHDRAWN), lambda made: made.delete()]
)
def test_what_was_withdrawn_or_discarded_is_not_offered_again_by_itself(
    a_catalogue: None, officer: Any, gone: Callable[[Any], object]
):
    enter(live(), DAY, "19.5")
    indicator_data.offer(person=officer, now=NOW)
    gone(Dataset.objects.all())
    before = Dataset.objects.count()

    indicator_data.offer_due(NOW)
    assert Dataset.objects.count() == before

    indicator_data.offer(person=officer, now=NOW)
    assert Dataset.objects.count() == before + 1


def test_the_tables_hold_what_is_live_and_nobodys_name():
    row = live()
    enter(row, DAY, "19.50", "rain")
    made = {
        name: list(csv.DictReader(io.StringIO(text.decode())))
        for name, text in indicator_data.tables().items()
    }

    assert made == {
        "indicators": [
            {
                "measure": row.measure,
                "indicator": "wait",
                "title": "Mittlere Wartezeit",
                "unit": "s",
                "better": "lower",
                "target": "20",
                "how_measured": "With a stopwatch.",
                "interval": "monthly",
                "responsible": "Traffic office",
            }
        ],
        "values": [
            {
                "measure": row.measure,
                "indicator": "wait",
                "title": "Mittlere Wartezeit",
                "date": "2026-05-31",
                "value": "19.5",
                "unit": "s",
                "note": "rain",
            }
        ],
    }


def test_an_offer_is_made_as_a_whole_or_not_at_all(a_catalogue: None, officer: Any):
    enter(live(), DAY, "1")
    with transaction.atomic(), failing_at(0) as done:
        indicator_data.offer(person=officer, now=NOW)
        transaction.set_rollback(True)
    with pytest.raises(Injected), failing_at(len(done)):
        indicator_data.offer(person=officer, now=NOW)

    assert (Dataset.objects.count(), IndicatorData.objects.count()) == (0, 0)


def test_there_is_nothing_to_offer_without_a_live_value(client: Any, a_catalogue: None, officer: Any):
    enter(adopted(), DAY, "1")
    page = client.post(reverse("exchange:indicators_offer"), follow=True).content.decode()
    assert "There is nothing to offer as open data yet" in page
    indicator_data.offer_due(NOW)
    assert Dataset.objects.count() == 0


def test_without_a_catalogue_nobody_takes_it(officer: Any):
    before = list(opendata._takers)
    opendata._takers.clear()
    try:
        enter(live(), DAY, "1")
        with pytest.raises(indicator_data.NobodyTakes):
            indicator_data.offer(person=officer, now=NOW)
    finally:
        opendata._takers[:] = before


# --- people -------------------------------------------------------------------------------------
def test_somebody_is_exported_and_forgotten(officer: Any):
    row = adopted()
    indicators.enter(row, on=DAY, value=Decimal(1), note="", person=officer, now=NOW)
    AdoptedIndicator.objects.update(created_by=officer)
    IndicatorData.objects.create(dataset={"uri": "https://x.example/d"}, offered_by=officer)
    told = personal.export(officer)

    assert [each["on"] for each in told["indicator_values_as_staff"]] == [DAY]
    assert [each["iri"] for each in told["indicators_begun_as_staff"]] == [row.iri]
    assert [each["dataset__uri"] for each in told["data_offered_as_staff"]] == ["https://x.example/d"]
    assert personal.forget(officer) == 3
    assert personal.export(officer) == {key: [] for key in told}
    assert IndicatorValue.objects.get().entered_by is None


def test_every_step_has_a_name_for_the_trail():
    from tandem.exchange.indicator_labels import ACTIONS

    row = live()
    value = enter(row, DAY, "1")
    indicators.correct(value, on=DAY, value=Decimal(2), note="", person=None, now=NOW)
    indicators.take_table(row, b"2026-05-30;1", replace=False, person=None, now=NOW)
    indicators.remove(value, person=None)
    indicators.describe(row, {"target": 3}, person=None, now=NOW)
    indicators.take_away(row, person=None, now=NOW)
    indicators.take_away(adopted(key="draft"), person=None, now=NOW)
    done = set(
        AuditEntry.objects.filter(action__startswith="exchange.indicator").values_list("action", flat=True)
    )

    assert {*done, "exchange.indicators.offer"} == set(ACTIONS)
