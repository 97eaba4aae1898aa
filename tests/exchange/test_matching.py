"""Matching in the browser: from an empty round to a tandem, with a city that leaves, all by the pages."""

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.models import AuditEntry
from tandem.exchange.examples.tandems import PROGRAMME, UPPER_RHINE
from tandem.exchange.models import Round, RoundAnswer, RoundCity, RoundProposal, RoundResult, Tandem
from tandem.exchange.services import round_cities, round_consent, round_matching, round_personal, rounds
from tandem.kit import jobs
from tandem.kit.models import Job
from tests.accounts.people import somebody
from tests.exchange.matching_making import (
    BY,
    FOUR,
    NOW,
    a_round,
    agreed,
    answer,
    made_up,
    matched,
    proposed,
    published,
)

pytestmark = pytest.mark.django_db
OFFICER, READER = "exchange:exchange-officer", "exchange:reader"


def url(name: str, row: Round, *more: Any) -> str:
    with override("en"):  # a page in another language may have been fetched before
        return reverse(f"exchange:{name}", args=[row.slug, *more])


def day(name: str, when: date = date(2026, 3, 2)) -> dict[str, int]:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def profile(city: str, country: str, **weights: int) -> dict[str, Any]:
    return {
        "city": city,
        "names_de": city.title(),
        "country": country,
        "languages": "en",
        "population": "100000",
        "kind": "1",
        "capacity": "1",
        **{name.replace("__", "_"): str(weight) for name, weight in weights.items()},
    }


def said(client: Any, address: str) -> str:
    return client.get(address).content.decode()


# --- the whole way --------------------------------------------------------------------------------
def test_from_an_empty_round_to_a_tandem(client_as):
    client = client_as(OFFICER)
    posted = {"titles_de": "Partner gesucht", "topics": "air: Air quality\nsignals: Traffic signals"}
    made = client.post(reverse("exchange:round_new"), posted)
    row = Round.objects.get()
    assert (made.url, row.slug) == (url("round", row), "partner-gesucht")
    assert [each["key"] for each in row.topics] == ["air", "signals"]

    cities = (
        profile("hamm", "DE", need_air=4, offer_signals=5),
        profile("arezzo", "IT", offer_air=5, need_signals=5),
    )
    for posted in cities:
        assert client.post(url("round_city_new", row), posted).status_code == 302
    page = said(client, url("round_check", row))
    assert "The cities can be matched." in page
    assert "Say in one sentence what it is about." in page

    found = client.post(url("round_match", row))
    result = RoundResult.objects.get()
    assert found.url == url("result", row, 1)
    page = said(client, found.url)
    for each in (
        "Arezzo – Hamm",
        "Arezzo needs “Traffic signals” (5 of 5); Hamm offers it (5 of 5).",
        "Both work in English.",
        "It is proven that no other choice has more points.",
        result.digest,
    ):
        assert each in page

    assert client.post(url("result_take", row, 1)).url == url("round_consent", row)
    proposal = RoundProposal.objects.get()
    for city in ("hamm", "arezzo"):
        assert not RoundProposal.objects.filter(state="agreed").exists()
        posted = {"city": city, "agrees": "yes", "said_by": "Council", **day("on")}
        assert client.post(url("round_answer", row, proposal.pk), posted).status_code == 302
    row.refresh_from_db()
    assert row.tandems == [["arezzo", "hamm"]]
    page = said(client, url("round_consent", row))
    assert all(each in page for each in ("all cities agreed", "02/03/2026", "Council", "Make a tandem of it"))

    form = said(client, url("round_tandem", row, proposal.pk))
    assert "Arezzo – Hamm" in form
    posted = {"titles_de": "Arezzo und Hamm", "aims_de": "Luft und Ampeln"}
    made = client.post(url("round_tandem", row, proposal.pk), posted)
    tandem = Tandem.objects.get()
    assert made.url == reverse("exchange:tandem", args=[tandem.slug])
    assert {each.city: each.consented_on for each in tandem.members.all()} == dict.fromkeys(
        ("arezzo", "hamm"), date(2026, 3, 2)
    )
    assert {each.titles["en"]: each.parts_played for each in tandem.topics.all()} == {
        "Air quality": {"hamm": "follow", "arezzo": "lead"},
        "Traffic signals": {"hamm": "lead", "arezzo": "follow"},
    }
    assert said(client, made.url).count("Make it active") == 1
    assert client.get(url("round_tandem", row, proposal.pk)).status_code == 404

    for step in ("finish", "publish"):
        client.post(url("round_step", row), {"step": step})
    row.refresh_from_db()
    assert row.published_at is not None
    done = set(
        AuditEntry.objects.filter(action__startswith="exchange.matching.").values_list("action", flat=True)
    )
    assert done == {
        f"exchange.matching.{each}"
        for each in ("begin", "city", "match", "take", "agree", "make-tandem", "finish", "publish")
    }


def test_a_city_leaves_and_the_others_are_matched_anew(client_as):
    row = a_round()
    proposed(row)
    agreed(row, "arezzo", "hamm")
    agreed(row, "krefeld", "sofia")
    client = client_as(OFFICER)
    posted = {"reason": "No staff.", **day("on")}
    answered = client.post(url("round_leave", row, "sofia"), posted)
    result = RoundResult.objects.first()
    assert (answered.url, result.kind, result.summary["left"]) == (url("result", row, 2), "rematch", "sofia")
    page = said(client, url("result_compared", row, 2))
    for each in (
        "What changes without Sofia",
        "Arezzo, Hamm stay together.",
        "Sofia has left, so the tandem with Krefeld ends.",
        "Krefeld has no partner now.",
    ):
        assert each in page
    assert "Krefeld has no partner and could join Arezzo, Hamm" in said(client, url("result", row, 2))
    assert client.get(url("round_leave", row, "sofia")).status_code == 404

    client.post(url("result_join", row, 2), {"cities": "krefeld arezzo hamm"})
    proposal = RoundProposal.objects.get(state="proposed")
    assert proposal.cities == ["arezzo", "hamm", "krefeld"]
    agreed(row, "arezzo", "hamm", "krefeld")
    row.refresh_from_db()
    assert row.tandems == [["arezzo", "hamm", "krefeld"]]
    assert matched(row).summary["counts"] == {
        "proposed": 0, "fixed": 0, "standing": 3, "blocking": 0, "alone": 0, "cities": 4,
    }  # fmt: skip


def test_what_is_agreed_after_a_city_left_stands_in_the_matching_that_follows(client_as):
    row = a_round()
    proposed(row)
    agreed(row, "krefeld", "sofia")
    posted = {"reason": "No staff.", **day("on")}
    client_as(OFFICER).post(url("round_leave", row, "sofia"), posted)
    agreed(row, "arezzo", "hamm")
    result = matched(row)
    assert (result.kind, [list(each) for each in result.pairs.values_list("one", "other", "kind")]) == (
        "rematch",
        [["arezzo", "hamm", "standing"]],
    )


def test_a_tandem_that_is_let_go_may_come_out_again(client_as):
    row = a_round()
    proposed(row)
    agreed(row, "arezzo", "hamm")
    posted = {"reason": "No staff.", "let_go": "arezzo hamm", **day("on")}
    client_as(OFFICER).post(url("round_leave", row, "sofia"), posted)
    result = RoundResult.objects.first()
    assert [(each.one, each.other, each.kind) for each in result.pairs.all()] == [
        ("arezzo", "hamm", "proposed")
    ]
    assert {tuple(each["cities"]): each["kind"] for each in result.summary["changes"]} == {
        ("arezzo", "hamm"): "kept"
    }


def test_a_pair_that_was_declined_is_not_proposed_again_and_its_reason_is_for_few(client_as, page_client):
    row = a_round()
    proposed(row)
    proposal = next(each for each in row.proposals.all() if "hamm" in each.cities)
    posted = {
        "city": "hamm",
        "agrees": "no",
        "reason": "They never write back.",
        "said_by": "Mayor",
        **day("on"),
    }
    officer = client_as(OFFICER)
    officer.post(url("round_answer", row, proposal.pk), posted)
    second = proposed(row)
    assert not second.pairs.filter(one="arezzo", other="hamm", kind="proposed").exists()
    assert "They never write back." in said(officer, url("round_rules", row))
    assert "They never write back." in said(officer, url("result_pair", row, 2, "arezzo", "hamm"))
    assert "They never write back." in said(officer, url("result_cities", row, 2))

    row.refresh_from_db()
    rounds.finish(row, **BY)
    rounds.publish(row, **BY)
    for client in (page_client, client_as(READER)):
        for name, *more in (
            ("round",),
            ("result", 2),
            ("result_cities", 2),
            ("result_blocking", 2),
            ("result_compared", 2),
        ):
            page = said(client, url(name, row, *more))
            assert "never write back" not in page
            assert "does not want" not in page
    for name in ("round_consent", "round_history"):
        assert "never write back" not in said(client_as(READER), url(name, row))
    assert page_client.get(url("result_pair", row, 2, "arezzo", "hamm")).status_code == 404


# --- what if, and comparing -----------------------------------------------------------------------
def test_what_if_two_others_were_together(client_as):
    row = a_round()
    matched(row)
    client = client_as(OFFICER)
    answered = client.post(url("result_what_if", row, 1), {"one": "hamm", "other": "sofia"})
    result = RoundResult.objects.first()
    assert (answered.url, result.kind, result.number) == (url("result", row, 2), "what-if", 2)
    kinds = {(each.one, each.other): each.kind for each in result.pairs.all()}
    assert kinds == {("hamm", "sofia"): "fixed", ("arezzo", "krefeld"): "proposed"}
    page = said(client, url("result_compared", row, 2))
    assert all(each in page for each in ("Against result 1", "Arezzo – Hamm", "Hamm – Sofia"))
    assert RoundResult.objects.get(number=1).summary["points"] > result.summary["points"]
    row.refresh_from_db()
    assert row.fixed == []

    client.post(url("result_discard", row, 2))
    assert [each.number for each in RoundResult.objects.all()] == [1]


def test_a_pair_that_is_fixed_though_it_is_ruled_out_says_what_stands_in_the_way(client_as):
    row = a_round(PROGRAMME)
    client = client_as(OFFICER)
    client.post(url("round_rules", row), {"step": "fix", "fix-one": "hamm", "fix-other": "pirna"})
    result = matched(row)
    assert result.pairs.get(kind="fixed").names == "Hamm Pirna"
    page = said(client, url("result_pair", row, 1, "hamm", "pirna"))
    assert "Both are in DE; the call asks for two." in page
    client.post(url("round_rule_drop", row), {"drop": "fixed hamm pirna"})
    row.refresh_from_db()
    assert row.fixed == []


def test_any_two_cities_are_shown_term_by_term_with_what_stands_in_their_way(client_as):
    row = a_round(PROGRAMME)
    matched(row)
    client = client_as(OFFICER)
    found = client.get(url("result_look_up", row, 1), {"one": "pirna", "other": "hamm"})
    assert found.url == url("result_pair", row, 1, "hamm", "pirna")
    page = said(client, found.url)
    assert all(each in page for each in ("not chosen", "Both are in DE", "The topic old-town"))
    page = said(client, url("result_pair", row, 1, "arezzo", "hamm"))
    # Arezzo needs 5, 4 and 2, so 55 at most; Hamm meets 5·5 + 4·3
    assert all(each in page for each in ("Sum, of 55 that all needs could bring", "67.3 %", "99,000"))


# --- rules and their refusals ---------------------------------------------------------------------
def test_rules_are_changed_and_wrong_ones_are_said_at_their_field(client_as):
    row, client = a_round(), client_as(OFFICER)
    posted = {
        "step": "rules",
        "rules-different_countries": "on",
        "rules-size_percent": "60",
        "rules-kind_percent": "50",
        "rules-one_sided_percent": "0",
        "rules-largest": "3",
        "rules-word": "Arno",
        "rules-time_limit_s": "20",
    }
    answered = client.post(url("round_rules", row), posted)
    assert (answered.status_code, "must leave something" in answer_text(answered)) == (400, True)
    assert "Arno" in answer_text(answered)
    assert client.post(url("round_rules", row), {**posted, "rules-kind_percent": "5"}).status_code == 302
    row.refresh_from_db()
    assert (row.rules["size_percent"], row.rules["word"]) == (60, "Arno")


def answer_text(answered: Any) -> str:
    return answered.content.decode()


def test_a_no_go_needs_a_reason_and_keeps_two_apart(client_as):
    row, client = a_round(), client_as(OFFICER)
    posted = {"step": "no-go", "no-go-one": "hamm", "no-go-other": "arezzo", "no-go-reason": ""}
    assert client.post(url("round_rules", row), posted).status_code == 400
    client.post(url("round_rules", row), {**posted, "no-go-reason": "Once was enough."})
    assert ("arezzo", "hamm") not in {(each.one, each.other) for each in matched(row).pairs.all()}
    client.post(url("round_rule_drop", row), {"drop": "no-go hamm arezzo"})
    assert ("arezzo", "hamm") in {(each.one, each.other) for each in matched(row).pairs.all()}


def test_profiles_with_errors_are_not_matched_and_the_page_says_why(client_as):
    row, client = a_round(), client_as(OFFICER)
    wrong = row.cities.get(city="hamm")
    wrong.profile["country"] = "Germany"
    wrong.save()
    answered = client.post(url("round_match", row), follow=True)
    assert "hamm/country" in answer_text(answered)
    assert "Give two capital letters" in answer_text(answered)
    assert not RoundResult.objects.exists()


def test_a_large_round_is_followed_on_its_page_and_a_failure_is_said_there(client_as):
    row, client = a_round(made_up(round_matching.AT_ONCE + 1)), client_as(OFFICER)
    assert client.post(url("round_match", row)).url == url("round", row)
    page = said(client, url("round", row))
    assert all(each in page for each in ("data-progress-url", "Stop it"))
    assert "Match the cities" not in page
    answered = client.post(url("round_match", row), follow=True)
    assert "This round is being matched." in answer_text(answered)

    job = Job.objects.get()
    jobs.cancel(job)
    Job.objects.filter(pk=job.pk).update(state=Job.WAITING, cancel_requested=True)
    job.refresh_from_db()
    jobs.run_here(job)
    page = said(client, url("round", row))
    assert all(
        each in page for each in ("did not come to its end", "Nothing of it was kept", "Match the cities")
    )
    matched(row)
    assert "did not come to its end" not in said(client, url("round", row))


def test_the_state_of_a_pair_is_that_of_the_proposal_it_is_part_of(client_as):
    row = a_round(UPPER_RHINE)
    result = proposed(row)
    client = client_as(OFFICER)
    client.post(url("result_join", row, 1), {"cities": "mulhouse basel freiburg"})
    assert set(row.proposals.values_list("state", flat=True)) == {"withdrawn", "proposed"}
    agreed(row, "basel", "freiburg", "mulhouse")
    page = said(client, url("result", row, result.number))
    assert "all cities agreed" in page
    assert "withdrawn" not in page


def test_of_two_at_once_one_makes_the_tandem(client_as):
    row = a_round()
    proposed(row)
    found = agreed(row, "arezzo", "hamm")
    stale = RoundProposal.objects.get(pk=found.pk)
    words = {"titles": {"en": "Arezzo and Hamm"}, "aims": {}, **BY}
    made = round_consent.make_tandem(found, **words)

    with pytest.raises(round_consent.NoTandemHere):
        round_consent.make_tandem(stale, **words)
    assert list(Tandem.objects.all()) == [made]


def test_who_is_to_join_cities_that_a_larger_group_has_already_is_proposed_with_them(client_as):
    row = a_round(UPPER_RHINE)
    result = proposed(row)
    larger = RoundProposal.objects.create(
        round=row, result=result, cities=["basel", "freiburg", "mulhouse", "strasbourg"], made_at=NOW
    )
    posted = {"cities": "mulhouse basel freiburg"}

    for _time in range(2):
        assert client_as(OFFICER).post(url("result_join", row, 1), posted).status_code == 302
    assert list(row.proposals.filter(state="proposed")) == [larger]
    assert not row.steps.filter(what="join").exists()


def test_names_that_are_long_fit_where_results_and_proposals_keep_them(client_as):
    row = a_round([replace(each, names={"en": f"{each.id} " * 100}) for each in FOUR])
    result = proposed(row)

    for rows in (result.pairs.all(), row.proposals.all()):
        assert rows.exists()
        assert all(len(each.names) <= each._meta.get_field("names").max_length for each in rows)


def test_no_tandem_is_made_of_a_pair_that_a_city_has_left(client_as):
    row = a_round()
    proposed(row)
    proposal = agreed(row, "arezzo", "hamm")
    client = client_as(OFFICER)
    client.post(url("round_leave", row, "arezzo"), {"reason": "No staff.", **day("on")})
    assert client.get(url("round_tandem", row, proposal.pk)).status_code == 404
    page = said(client, url("round_consent", row))
    assert "takes no part any more" in page
    assert "Make a tandem of it" not in page


def test_a_result_is_not_proposed_once_a_city_has_changed(client_as):
    row, client = a_round(), client_as(OFFICER)
    matched(row)
    round_cities.set_profile(row, PROGRAMME[4], is_new=True, person=None, now=BY["now"].replace(year=2099))
    answered = client.post(url("result_take", row, 1), follow=True)
    assert "were changed after this result" in answer_text(answered)
    assert not RoundProposal.objects.exists()


def test_a_new_result_does_not_go_over_a_city_that_has_answered(client_as):
    row = a_round()
    proposed(row)
    answer(next(each for each in row.proposals.all() if "hamm" in each.cities), "hamm")
    client = client_as(OFFICER)
    client.post(url("round_rules", row), {"step": "fix", "fix-one": "hamm", "fix-other": "sofia"})
    matched(row)
    answered = client.post(url("result_take", row, 2), follow=True)
    assert "has answered this proposal already" in answer_text(answered)
    assert set(row.proposals.values_list("state", flat=True)) == {"agreed-by-some", "proposed"}


def test_nothing_changes_in_a_round_that_is_finished(client_as):
    row = a_round()
    result = published(row)
    client = client_as(OFFICER)
    before = state_of(row)
    posts: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("round_describe", [], {"titles_de": "X", "topics": "air: Air"}),
        ("round_city_new", [], profile("venlo", "NL")),
        ("round_city", ["hamm"], {"step": "remove"}),
        ("round_leave", ["hamm"], {"reason": "x", **day("on")}),
        ("round_rules", [], {"step": "fix", "fix-one": "hamm", "fix-other": "sofia"}),
        ("round_match", [], {}),
        ("result_what_if", [1], {"one": "hamm", "other": "sofia"}),
        ("result_take", [1], {}),
        ("result_discard", [1], {}),
        (
            "round_answer",
            [row.proposals.first().pk],
            {"city": "hamm", "agrees": "yes", "said_by": "x", **day("on")},
        ),
    ]
    for name, more, posted in posts:
        client.post(url(name, row, *more), posted)
        assert (name, state_of(row)) == (name, before)
    assert result.number == 1


def state_of(row: Round) -> Any:
    row.refresh_from_db()
    return (
        row.titles, row.fixed, row.tandems, sorted(row.cities.values_list("city", "is_active")),
        row.results.count(), row.proposals.count(), RoundAnswer.objects.count(),
    )  # fmt: skip


def test_a_round_is_public_only_when_finished_and_with_proposed_pairs(client_as, page_client):
    row, client = a_round(), client_as(OFFICER)
    client.post(url("round_step", row), {"step": "publish"})
    row.refresh_from_db()
    assert row.published_at is None
    assert page_client.get(url("round", row)).status_code == 404
    client.post(url("round_step", row), {"step": "finish"})
    answered = client.post(url("round_step", row), {"step": "publish"}, follow=True)
    assert "once it is finished and the pairs of a result were proposed" in answer_text(answered)


def test_everybody_sees_a_published_round_and_its_proposed_results_alone(client_as, page_client):
    row = a_round()
    matched(row)
    published(row)
    assert said(page_client, reverse("exchange:rounds")).count("Round") >= 1
    assert page_client.get(url("result", row, 2)).status_code == 200
    assert page_client.get(url("result", row, 1)).status_code == 404
    page = said(page_client, url("round", row))
    assert "Arezzo – Hamm" in page
    assert "Match" not in page.replace("Matching", "")


def test_the_tab_is_there_for_staff_and_for_everybody_once_a_round_is_public(client_as, page_client):
    tandems, tab = reverse("exchange:tandems"), f'href="{reverse("exchange:rounds")}"'
    row = a_round()
    assert [tab in said(each, tandems) for each in (page_client, client_as(READER))] == [False, True]
    published(row)
    cache.clear()  # what a commit does
    assert tab in said(page_client, tandems)


def test_the_sitemap_has_public_rounds_alone(page_client):
    a_round(title="Hidden")
    row = a_round(title="Shown")
    published(row)
    page = said(page_client, "/sitemap-matching.xml")
    assert ("/matching/shown/" in page, "/matching/hidden/" in page) == (True, False)


# --- cities, one by one and from a file -----------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"city": "Hamm!"}, "Use lower-case letters"),
        ({"city": "hamm"}, "A city hamm is in this round already."),
        ({"country": "D"}, "Give two capital letters"),
        ({"languages": "German"}, "Give a code, such as it."),
        ({"population": "none"}, "Enter a whole number."),
        ({"population": "9" * 400}, "Give the number of inhabitants, with nine digits at the most."),
        ({"need_air": "3", "offer_air": "2"}, "Give a weight on one side only."),
        ({"need_air": "9"}, "Select a valid choice"),
        ({"codes": "Venlo"}, "is no code"),
        ({"agreed_with": "venlo"}, "This is the city itself."),
    ],
)
def test_what_is_wrong_about_a_city_is_said_and_nothing_is_lost(client_as, wrong, words):
    row = a_round()
    posted = {**profile("venlo", "NL"), "says_air": "Clean air for all.", **wrong}
    answered = client_as(OFFICER).post(url("round_city_new", row), posted)
    page = answer_text(answered)
    assert (answered.status_code, words in page, "Clean air for all." in page) == (400, True, True)
    assert not row.cities.filter(city="venlo").exists()


def test_a_city_is_changed_without_losing_other_languages_or_no_gos(client_as):
    row, client = a_round(), client_as(OFFICER)
    round_cities.store_no_go(row, "hamm", "sofia", "Once was enough.", now=NOW)
    posted = {**profile("hamm", "DE", need_air=5), "says_air": "Less dust.", "names_de": "Hamm (Westf.)"}
    assert client.post(url("round_city", row, "hamm"), posted).status_code == 302
    found = round_cities.profile_of(row, "hamm")
    assert (found.names["de"], [each.weight for each in found.needs], found.offers) == (
        "Hamm (Westf.)",
        [5],
        (),
    )
    assert found.needs[0].texts["en"] == "Less dust."
    assert found.needs[0].texts["it"].startswith("Esempio")
    assert found.no_gos[0].city_id == "sofia"


def test_a_city_is_removed_unless_it_is_in_a_pair(client_as):
    row, client = a_round(), client_as(OFFICER)
    client.post(url("round_city", row, "krefeld"), {"step": "remove"})
    assert not row.cities.filter(city="krefeld").exists()
    proposed(row)
    answered = client.post(url("round_city", row, "hamm"), {"step": "remove"}, follow=True)
    assert "Record that it leaves instead." in answer_text(answered)
    assert row.cities.filter(city="hamm").exists()


def upload(client: Any, row: Round, content: bytes) -> Any:
    file = SimpleUploadedFile("cities.csv", content, content_type="text/csv")
    return client.post(url("round_take_file", row), {"file": file}, follow=True)


def test_what_is_given_out_as_a_file_is_taken_again(client_as):
    row, client = a_round(), client_as(OFFICER)
    content = client.get(url("round_file", row)).content
    before = {each.city: each.profile for each in row.cities.all()}
    other = rounds.begin(titles={"en": "Other"}, abouts={}, topics=row.topics, **BY)
    answered = upload(client, other, content)
    assert "4 new cities, 0 changed." in answer_text(answered)
    after = {each.city: each.profile for each in other.cities.all()}
    for city, stored in before.items():
        for side in ("needs", "offers"):
            stored[side].sort(key=lambda each: each["topic"])
        assert after[city] == stored
    assert "Taken from the file: 0 new cities, 4 changed." in answer_text(upload(client, other, content))


def test_a_file_with_faults_is_refused_as_a_whole_with_a_finding_for_each_line(client_as):
    row, client = a_round(), client_as(OFFICER)
    rows = list(
        csv.reader(io.StringIO(client.get(url("round_file", row)).content.decode("utf-8-sig")), delimiter=";")
    )
    at = {head: place for place, head in enumerate(rows[0])}
    rows[1][at["population"]] = "none"
    rows[2][at["country"]] = "Germany"
    rows.append(["venlo", *[""] * (len(rows[0]) - 1)])
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    before = list(RoundCity.objects.values_list("city", "profile"))
    answered = upload(client, row, out.getvalue().encode())
    page = answer_text(answered)
    assert answered.status_code == 400
    for place in ("2/population", "3/country", "6/population", "6/kind", "6/languages"):
        assert f">{place}<" in page
    assert list(RoundCity.objects.values_list("city", "profile")) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\x00\x01\x02", "no text"),
        (b"PK\x03\x04" + bytes(200), "no text"),
        (b"id;name:en\nx;y\n", "lacks these columns"),
        (b"id;name:en;country;languages;population;kind\n", "names no city"),
        (
            b'id;name:en;country;languages;population;kind\n"<script>alert(1)</script>";=cmd();DE;en;1;1\n',
            "lower-case letters",
        ),
        (b"id;name:en;country;languages;population;kind\nx;y;DE;en;1;1;2;3\n", "more cells"),
    ],
)
def test_hostile_files_change_nothing_and_are_said_to_be_what_they_are(client_as, content, words):
    row = a_round()
    before = list(RoundCity.objects.values_list("city", "profile"))
    answered = upload(client_as(OFFICER), row, content)
    page = answer_text(answered)
    assert (answered.status_code, words in page, "<script>alert" in page) == (400, True, False)
    assert list(RoundCity.objects.values_list("city", "profile")) == before


def test_a_topic_that_is_needed_stays(client_as):
    row, client = a_round(), client_as(OFFICER)
    answered = client.post(url("round_describe", row), {"titles_de": "Runde", "topics": "heat: Heat"})
    assert "Take it from their profiles first." in answer_text(answered)
    assert "heat: Heat" in answer_text(answered)


@pytest.mark.parametrize(
    ("topics", "words"),
    [("", "This field is required."), ("heat: Heat\nheat: Hot", "there twice"), ("???", "names no topic")],
)
def test_topics_that_are_none(client_as, topics, words):
    answered = client_as(OFFICER).post(
        reverse("exchange:round_new"), {"titles_de": "Runde", "topics": topics}
    )
    assert (answered.status_code, words in answer_text(answered)) == (400, True)


# --- people ---------------------------------------------------------------------------------------
def test_what_rounds_know_of_a_person_is_exported_and_forgotten():
    person = somebody(OFFICER, armed=False)
    row = a_round()
    rounds.finish(row, person=person, now=NOW)
    assert [each["what"] for each in round_personal.export(person)["steps"]] == ["finish"]
    assert round_personal.forget(person) == 1
    assert round_personal.export(person)["steps"] == []
