import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.signals.experiment.report import KINDS, NoResults, mean_queue, report, shares_by_wait, spans
from tandem.signals.experiment.report.queues import thinned
from tandem.signals.experiment.results import RunResult, SignalTrace
from tandem.signals.experiment.texts import TEXTS
from tandem.signals.experiment.words import LANGUAGES, UnknownLanguage, Words
from tests.signals.experiment.results import RESULTS, TRACE, a_class, a_run, runs

DIFFERENCES = ("Wait (s)", "Longest wait (s)", "Stops", "CO₂ (g)", "Pairs")
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Reading(HTMLParser):
    """Reads a page strictly: what is opened is closed, in order."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.text, self.tables = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes), f"an attribute of {tag} stands twice"
        self.tags.append((tag, dict(attributes)))
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        assert {"svg", "g"} & set(self.open), f"{tag} must not be closed in its start"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if "style" in self.open:
            return
        self.text.append(text)
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += text

    @property
    def said(self):
        return " ".join(" ".join(self.text).replace("\N{NO-BREAK SPACE}", " ").split())

    def table(self, *heads):
        """Return the rows of the first table whose heads begin so."""
        return next(rows[1:] for rows in self.tables if tuple(rows[0][: len(heads)]) == heads)


def read(results, **more):
    return Reading(report(results, **({"title": "Town"} | more)))


# --- the page -------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_and_needs_nothing_else(language):
    page = report(
        RESULTS,
        title="Town",
        scenario_notes=["Assumed."],
        command="tandem signals compare",
        language=language,
    )
    found = Reading(page)
    tags = [tag for tag, _attributes in found.tags]
    ids = [attributes["id"] for _tag, attributes in found.tags if "id" in attributes]

    assert found.tags[0] == ("html", {"lang": language})
    assert (tags.count("h1"), tags.count("main"), tags.count("title") > 1) == (1, 1, True)
    assert len(ids) == len(set(ids))
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(tags)
    assert not re.search(r"url\(|@import|https?://|javascript:| on\w+=| style=", page)
    links = [attributes["href"] for _tag, attributes in found.tags if "href" in attributes]
    assert [link for link in links if link.removeprefix("#") not in ids] == []


def test_the_page_has_no_parse_error():
    parser = pytest.importorskip("tinyhtml5.parser").HTMLParser(namespace_html_elements=False)
    parser.parse(report(RESULTS, title="Town", command="x < y & z"))

    assert parser.errors == []


def test_the_same_runs_give_the_same_bytes():
    assert report(RESULTS, title="Town") == report(list(RESULTS), title="Town")
    assert report(RESULTS, title="Town") == report(
        [RunResult.from_line(each.as_line()) for each in RESULTS], title="Town"
    )


def test_names_from_outside_are_escaped():
    name = "<script>alert(1)</script>\"'&"
    results = [
        replace(each, controller=name if each.controller == "planner" else "actuated") for each in RESULTS
    ]
    trace = replace(TRACE, junction=name, groups=(name, "R2"))
    results[0] = replace(
        results[0], traces=(trace,), key=name, options={name: name}, gate={"faults": {name: 1}}
    )
    page = report(results, title=name, scenario_notes=[name], command=name)
    found = Reading(page)

    assert "<script" not in page
    assert found.said.count(name) > 10


def test_every_picture_has_its_numbers_beside_it():
    found = read(RESULTS)
    tags = [tag for tag, _attributes in found.tags]
    pictures = [
        attributes for tag, attributes in found.tags if tag == "svg" and attributes.get("role") == "img"
    ]

    assert len(pictures) == tags.count("figure") == 1 + 4 + 1 + 1 + 4 + 2
    regions = [
        attributes["aria-label"] for _tag, attributes in found.tags if attributes.get("role") == "region"
    ]
    assert len(regions) == tags.count("table") == len(set(regions))


# --- the finding ----------------------------------------------------------------------------------
def heading(results, language="en"):
    [text] = re.findall(r"<h1>(.*?)</h1>", report(results, title="Town", language=language))
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "Planner instead of actuated control: 12% less time lost for cyclists, 18% more for cars, "
                "no measurable difference for pedestrians"
            ),
        ),
        (
            "de",
            (
                "Planer statt Zeitlückensteuerung: 12 % weniger Zeitverlust für Radfahrende, 18 % mehr für Autos, "
                "kein messbarer Unterschied für Menschen zu Fuß"
            ),
        ),
        (
            "it",
            (
                "Pianificatore invece di controllo attuato: 12 % di tempo perso in meno per i ciclisti, "
                "18 % in più per le auto, nessuna differenza misurabile per i pedoni"
            ),
        ),
    ],
)
def test_the_heading_says_who_gains_who_loses_and_for_whom_nothing_changes(language, said):
    assert heading(RESULTS, language) == said


def test_the_window_is_named_by_the_finding_and_the_place():
    page = report(RESULTS, title="Town")

    assert f"<title>{heading(RESULTS)} · Town</title>" in page
    assert '<p class="kicker">Comparison of signal controllers · Town</p>' in page


def test_a_heading_of_losses_alone_and_of_nothing_measurable():
    assert heading(runs(actuated=(20, 24, 28), planner=(21, 25.5, 30))) == (
        "Planner instead of actuated control: 6% more time lost for cars"
    )
    assert heading(runs(actuated=(20, 24, 28), planner=(19, 24, 29))) == (
        "Planner instead of actuated control: no measurable difference in time lost"
    )


def test_the_heading_is_about_the_planner_and_else_about_the_last_controller():
    two = {"plan": (20, 24, 28), "actuated": (10, 12, 14)}

    assert heading(runs(**two, planner=(18, 22, 26), wave=(1, 2, 3))).startswith("Planner instead of fixed")
    assert heading(runs(**two)).startswith("Actuated control instead of fixed plan: 50% less")
    assert heading(runs(planner=(20, 24, 28), my_own=(10, 12, 14))).startswith("My-own instead of planner")


def test_a_heading_without_a_verdict_says_why():
    assert heading(runs(actuated=(20,), planner=(10,))) == (
        "Planner and actuated control: one pair of runs, too few to tell chance from effect"
    )
    assert heading([a_run("actuated", 1, a_class()), a_run("planner", 2, a_class())]) == (
        "Planner and actuated control were not run on the same traffic"
    )
    assert heading(runs(planner=(20, 24))) == "Only planner was run: there is nothing to compare it with"


def test_locked_traffic_is_the_heading_whoever_gains():
    results = runs(actuated=(20, 24, 28), planner=(18, 22, 26))
    results[0] = replace(results[0], locked_at_s=1234.0)
    results[4] = replace(results[4], locked_at_s=1234.0)

    assert heading(results) == (
        "The traffic locked in 1 of 3 runs with planner and 1 of 3 runs with actuated control"
    )


def test_a_gain_over_nothing_is_told_in_seconds_and_a_small_one_with_a_decimal():
    assert heading(runs(actuated=(0, 0), planner=(2, 2))) == (
        "Planner instead of actuated control: 2.0 s more time lost for cars"
    )
    assert "0.5% less time lost for cars" in heading(runs(actuated=(20, 24), planner=(19.89, 23.89)))


def test_a_glance_gives_the_time_lost_and_the_difference_from_the_reference():
    rows = read(RESULTS).table("Road users", "Actuated control")

    assert [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in rows] == [
        ["Cars", "22.0 s", "26.0 s 18% more"],
        ["Cyclists", "32.0 s", "28.0 s 12% less"],
        ["Pedestrians", "15.0 s", "23.0 s no measurable difference"],
    ]


# --- summary --------------------------------------------------------------------------------------
def test_a_gain_is_told_with_its_numbers():
    said = read(runs(actuated=(20, 24, 28), planner=(18, 22, 26))).said

    assert (
        "This page compares actuated control and planner in 6 simulated runs of 60 minutes each: "
        "3 for each controller."
    ) in said
    assert "Reference: actuated control. Runs with the same seed" in said
    assert "Gain time Cars" in said
    assert (
        "Cars lose 22.0 s on average instead of 24.0 s: 2.0 s less (8%). "
        "The 95% interval of the difference goes from −2.0 to −2.0 s."
    ) in said


def test_a_loss_is_told_in_german_and_italian():
    results = runs(actuated=(20, 24, 28), planner=(21, 25.5, 30))

    assert (
        "Autos verlieren im Mittel 25,5 s statt 24,0 s: 1,5 s mehr (6 %). "
        "Das 95-%-Intervall des Unterschieds reicht von +0,3 bis +2,7 s."
    ) in read(results, language="de").said
    assert (
        "Auto: perdono in media 25,5 s invece di 24,0 s, 1,5 s in più (6 %). "
        "L’intervallo al 95 % della differenza va da +0,3 a +2,7 s."
    ) in read(results, language="it").said


def test_a_difference_whose_interval_includes_zero_is_called_not_measurable():
    found = read(runs(actuated=(20, 24, 28), planner=(19, 24, 29)))

    assert "Cars lose 24.0 s on average, with the reference 24.0 s: no measurable difference." in found.said
    assert "The 95% interval of the difference goes from −2.5 to +2.5 s." in found.said
    assert "Gain time" not in found.said
    assert "Lose time" not in found.said


def test_one_pair_of_runs_gets_no_verdict():
    said = read(runs(actuated=(20,), planner=(10,))).said

    assert "One run cannot tell chance from effect" in said
    assert (
        "Cars lose 10.0 s on average in the one run that can be compared, and 20.0 s under the reference."
        in said
    )
    assert not re.search(r"Gain time|Lose time|95% interval of the difference", said)


def test_pairs_are_made_by_seed_alone():
    results = [
        *(
            a_run("actuated", seed, a_class(delay_s=delay_s))
            for seed, delay_s in ((1, 20.0), (2, 40.0), (9, 999.0))
        ),
        *(a_run("planner", seed, a_class(delay_s=delay_s)) for seed, delay_s in ((2, 38.0), (1, 18.0))),
    ]
    found = read(results)

    assert "Cars lose 28.0 s on average instead of 30.0 s: 2.0 s less (7%)." in found.said
    assert "2 to 3 for each controller" in found.said


def test_controllers_without_a_common_seed_are_not_compared():
    results = [a_run("actuated", 1, a_class()), a_run("planner", 2, a_class(delay_s=1.0))]

    assert "The two have no seed in common" in read(results).said


def test_one_controller_alone_is_reported_without_comparison():
    found = read(runs(planner=(20, 24)))

    assert "Only planner was run, in 2 simulated runs of 60 minutes" in found.said
    assert "against" not in found.said


def test_a_reference_without_any_delay_gives_no_share():
    said = read(runs(actuated=(0, 0), planner=(2, 2))).said

    assert "Cars lose 2.0 s on average instead of 0.0 s: 2.0 s more. The 95% interval" in said


def test_locked_runs_are_said_before_gains():
    results = runs(actuated=(20, 24, 28), planner=(18, 22, 26))
    results[4] = replace(results[4], locked_at_s=1234.0)
    found = read(results)

    assert found.said.index("With planner, 1 of 3 runs locked") < found.said.index("Gain time")
    assert [row[-1] for row in found.table("Controller", "Time lost (s)")] == ["0 of 3", "1 of 3"]
    assert [row[2] for row in found.table("Controller", "Seed", "Locked at")] == ["–"] * 4 + [
        "1,234\N{NO-BREAK SPACE}s",
        "–",
    ]
    assert "No run locked:" not in found.said


def test_no_locked_run_is_said_too():
    assert "No run locked: nobody stood" in read(RESULTS).said


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=6))
def test_whoever_gains_has_an_interval_below_zero(delays_s):
    said = read(runs(actuated=[one for one, _ in delays_s], planner=[other for _, other in delays_s])).said
    low, high = re.search(r"goes from ([+−]?[\d.,]+) to ([+−]?[\d.,]+) s", said).groups()

    if "Gain time" in said:
        assert low[0] == "−"
        assert high[0] != "+"
    if "Lose time" in said:
        assert high[0] == "+"
        assert low[0] != "−"
    assert sum(text in said for text in ("Gain time", "Lose time", "No measurable difference")) == 1


# --- tables ---------------------------------------------------------------------------------------
def test_the_table_of_a_class_holds_means_intervals_and_quality():
    results = [
        a_run(
            "actuated",
            seed,
            a_class(
                delay_s=delay_s, wait_s=25.0, longest_wait_s=longest_s, stops=0.75, co2_g=90.0, finished=95
            ),
        )
        for seed, delay_s, longest_s in ((1, 10.0, 60.0), (2, 12.0, 70.0), (3, 14.0, 80.0))
    ]
    row = read(results).table("Controller", "Time lost (s)")[0]

    assert [cell.strip() for cell in row] == [
        *(
            "Actuated control",
            "12.0 7.0–17.0",
            "25.0 25.0–25.0",
            "80 mean 70 (45–95)",
            "0.75 0.75–0.75",
            "90 90–90",
        ),
        *("B good", "95%", "0 of 3"),
    ]


def test_cyclists_are_judged_by_the_longest_wait():
    row = read([a_run("actuated", 1, a_class("bicycle", wait_s=5.0, longest_wait_s=90.0, co2_g=0.0))]).table(
        "Controller", "Time lost (s)"
    )[0]

    assert (row[6], row[5]) == ("F insufficient", "–")


def test_differences_stand_in_pairs_against_the_reference():
    rows = read(runs(actuated=(20, 24, 28), planner=(21, 25.5, 30), plan=(10, 30, 50))).table(
        "Controller", "Time lost (s)", *DIFFERENCES
    )

    assert [(row[0].strip(), row[1], row[-1]) for row in rows] == [
        ("Planner", "+1.5 +0.3 to +2.7; more", "3"),
        ("Fixed plan", "+6.0 −33.7 to +45.7; no measurable difference", "3"),
    ]


def test_controllers_keep_their_order_and_the_first_is_the_reference():
    rows = read(runs(wave=(9,), actuated=(1,), planner=(5,))).table("Controller", "Time lost (s)")

    assert [row[0].strip() for row in rows] == ["Wave", "Actuated control", "Planner"]


def test_all_vehicles_are_left_out_where_there_is_one_kind_of_them():
    kinds = ["all", "car", "pedestrian"]
    found = read([a_run("planner", 1, *(a_class(kind) for kind in kinds))])

    assert "All vehicles lose" not in found.said
    assert [row[2] for row in found.table("Controller", "Seed", "Road users")] == ["Cars", "Pedestrians"]


def test_kinds_come_in_one_order_and_unknown_ones_last():
    kinds = ["tram", "horse", "pedestrian", "car", "all", "bus", "bicycle"]
    found = read([a_run("planner", 1, *(a_class(kind) for kind in kinds))])
    named = [Words("en").known("kind", kind, kind) for kind in (*KINDS, "horse")]

    assert [row[2] for row in found.table("Controller", "Seed", "Road users")] == named


def test_a_class_that_nobody_belongs_to_is_left_out():
    empty = a_class("tram", count=0, delay_s=0.0)
    found = read([a_run("actuated", 1, a_class(), empty), a_run("planner", 1, a_class(), empty)])

    assert "Trams" not in found.said


def test_a_run_without_anybody_of_a_class_counts_for_no_mean():
    delays_s = {
        1: a_class("bus", delay_s=10.0),
        2: a_class("bus", delay_s=0.0, count=0),
        3: a_class("bus", delay_s=14.0),
    }
    results = [a_run(name, seed, bus) for name in ("actuated", "planner") for seed, bus in delays_s.items()]
    found = read(results)

    assert [row[1].split()[0] for row in found.table("Controller", "Time lost (s)")] == ["12.0", "12.0"]
    assert found.table("Controller", "Time lost (s)", *DIFFERENCES)[0][-1] == "2"


def test_runs_without_anybody_still_give_a_page():
    found = read([a_run("actuated", 1, a_class("all", count=0)), a_run("planner", 1)])

    assert "The runs hold no road users." in found.said


def test_a_class_that_only_one_controller_has_is_shown_without_comparison():
    results = [
        a_run(name, seed, a_class(), *([a_class("bus")] if name == "planner" else []))
        for seed in (1, 2)
        for name in ("actuated", "planner")
    ]
    found = read(results)

    assert "Buses" in found.said
    assert "Buses lose" not in found.said


def test_what_is_no_number_is_a_dash():
    results = [a_run("actuated", seed, a_class(delay_s=float("nan"), stops=float("inf"))) for seed in (1, 2)]

    assert not re.search(r"\b(nan|inf)\b", read(results).said)


def test_engineers_get_decision_times_faults_options_and_the_command():
    found = read(RESULTS, command="tandem signals compare town --seeds 3")

    assert found.table("Controller", "Decisions") == [
        ["actuated", "10,800", "0.250", "1.500", "7.250"],
        ["planner", "10,800", "4.250", "1.500", "7.250"],
    ]
    assert found.table("Controller", "Faults") == [
        ["actuated", "late: 6", "15", "3"],
        ["planner", "late: 6", "15", "3"],
    ]
    assert found.table("Option") == [["teleport_s", "-1"]]
    assert "tandem signals compare town --seeds 3" in found.said
    assert "Tandem 0." in found.said


def test_the_versions_of_the_runs_are_listed_and_stand_in_the_footer():
    made = {"tandem": "9.1", "libsumo": "1.28.0", "other": "2"}
    found = read([replace(each, versions=made) for each in RESULTS])

    assert found.table("Software") == [
        ["Tandem", "9.1"],
        ["Python", "not recorded"],
        ["SUMO (libsumo)", "1.28.0"],
        ["NumPy", "not recorded"],
        ["Numba", "not recorded"],
        ["other", "2"],
    ]
    assert found.said.endswith("not from a street. Simulated with SUMO (libsumo) 1.28.0 and Tandem 9.1.")
    assert "Different versions" not in found.said


def test_runs_of_different_versions_are_warned_of():
    results = [replace(each, versions={"numpy": f"2.{each.seed % 2}"}) for each in RESULTS]
    found = read(results)

    assert "Different versions Runs of different versions stand side by side here." in found.said
    assert ["NumPy", "2.1 and 2.0"] in found.table("Software")


def test_runs_of_before_versions_were_kept_are_reported_without_them():
    found = read(RESULTS)

    assert {row[1] for row in found.table("Software")} == {"not recorded"}
    assert found.said.endswith("Everything on this page comes from a simulation, not from a street.")


def test_options_that_differ_are_told_apart():
    results = [
        a_run("actuated", 1, a_class(), options={"sight": {"range_m": 50.0, "noise_m": 0.0}}),
        a_run("planner", 1, a_class(), options={"sight": {"range_m": 70.0, "noise_m": 0.0}}),
    ]

    assert read(results).table("Option") == [
        ["sight.noise_m", "0.0"],
        ["sight.range_m", "actuated: 50.0; planner: 70.0"],
    ]


def test_controllers_that_make_no_decisions_are_left_out_of_their_table():
    results = [*runs(sumo_static=(20,)), replace(RESULTS[1], controller="planner")]

    assert [row[0] for row in read(results).table("Controller", "Decisions")] == ["planner"]


def test_notes_of_the_scenario_are_kept_in_order():
    said = read(RESULTS, scenario_notes=["Not surveyed.", "Made up."]).said

    assert "Notes and assumptions Not surveyed. Made up." in said


# --- pictures -------------------------------------------------------------------------------------
def test_shares_by_wait_count_all_runs_together():
    found = shares_by_wait([a_class(waits_s=(0, 4, 5)), a_class(waits_s=(61,))])

    assert (found[0], found[1], found[2], found[12], found[13]) == (1.0, 0.5, 0.25, 0.25, 0.0)
    assert shares_by_wait([]) == ()
    assert shares_by_wait([a_class()]) == ()


@given(st.lists(st.floats(0, 1000), min_size=1))
def test_shares_by_wait_fall_and_agree_with_the_waits(waits_s):
    found = shares_by_wait([a_class(waits_s=waits_s)])

    assert list(found) == sorted(found, reverse=True)
    assert found[24] == pytest.approx(sum(wait_s >= 120 for wait_s in waits_s) / len(waits_s))


def test_long_waits_stand_in_the_table_of_their_class():
    found = read(RESULTS)
    tables = [rows for rows in found.tables if rows[1][0] == "60 s or longer"]

    assert tables[2] == [
        ["Wait", "Actuated control", "Planner"],
        ["60 s or longer", "50.00%", "50.00%"],
        ["90 s or longer", "50.00%", "50.00%"],
        ["120 s or longer", "25.00%", "25.00%"],
    ]


def test_queues_are_the_mean_of_the_runs_that_counted():
    one = a_run("planner", 1, queue_s=(10, 20), queue_veh=(4, 8))
    other = a_run("planner", 2, queue_s=(10,), queue_veh=(6,))

    assert mean_queue([one, other]) == [(10, 5.0), (20, 8.0)]
    assert read(RESULTS).table("Second") == [["10", "2.0", "2.0"], ["20", "4.0", "4.0"], ["30", "3.0", "3.0"]]


def test_a_long_queue_series_is_thinned_without_changing_its_mean():
    found = [(10 * number, float(number % 7)) for number in range(600)]
    points = thinned(found)

    assert len(points) == 60
    assert sum(value for _at, value in points) / 60 == pytest.approx(sum(value for _at, value in found) / 600)


def test_spans_join_what_stays_the_same():
    assert spans(TRACE, 0, end_s=60) == (
        (0.0, 4.0, "r"),
        (4.0, 20.0, "G"),
        (20.0, 50.0, "y"),
        (50.0, 60, "r"),
    )
    assert spans(TRACE, 1, end_s=60) == ((0.0, 4.0, "G"), (4.0, 50.0, "r"), (50.0, 60, "g"))


@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from("rGyu")), min_size=1, max_size=20))
def test_spans_cover_the_whole_time(steps):
    at, changes = 0.0, []
    for length, letter in steps:
        changes.append((at, letter))
        at += length
    found = spans(SignalTrace("J", ("K1",), ("vehicle",), tuple(changes)), 0, end_s=at)

    assert (found[0][0], found[-1][1]) == (0.0, at)
    assert all(first[1] == second[0] and first[2] != second[2] for first, second in pairwise(found))


def test_the_table_of_signals_counts_greens():
    assert read(RESULTS).table("Signal group") == [
        ["K1", "Car K1", "1", "16", "10"],
        ["R2", "Cycle R2", "2", "14", "46"],
    ]


def test_no_more_than_three_junctions_are_drawn_and_the_rest_is_counted():
    traces = tuple(replace(TRACE, junction=f"J{number}") for number in range(5))
    found = read([a_run("planner", 1, a_class(), traces=traces)])

    assert "Shown: 3 of 5 junctions." in found.said
    assert found.said.count("First 60 seconds") == 3


def test_runs_without_queues_and_signals_say_so():
    assert read(runs(actuated=(20,), planner=(10,))).said.count("The runs hold no numbers for this.") == 4


def test_ten_controllers_can_be_reported():
    names = [f"controller-{number}" for number in range(10)]

    assert len(read([a_run(name, 1, a_class()) for name in names]).table("Controller", "Time lost (s)")) == 10


# --- words ----------------------------------------------------------------------------------------
def test_no_runs_are_an_error():
    with pytest.raises(NoResults):
        report([], title="Town")


def test_an_unknown_language_is_an_error_that_names_the_known_ones():
    with pytest.raises(UnknownLanguage, match="en, de, it"):
        report(RESULTS, title="Town", language="fr")


def test_texts_in_three_languages_have_the_same_values():
    fields = {
        key: [{name for _t, name, _f, _c in string.Formatter().parse(text) if name} for text in texts]
        for key, texts in TEXTS.items()
    }

    assert {key for key, texts in TEXTS.items() if len(texts) != 3 or not all(texts)} == set()
    assert {key for key, found in fields.items() if any(each != found[0] for each in found)} == set()


def test_sentences_are_translated():
    texts = {key: each for key, each in TEXTS.items() if len(each[0].split()) > 4}

    assert len(texts) > 30
    assert {key for key, each in texts.items() if len(set(each)) < 3} == set()


def test_numbers_are_written_as_in_the_language():
    assert [Words(language).number(-1234567.891, 2) for language in LANGUAGES] == [
        *("−1,234,567.89", "−1.234.567,89", "−1.234.567,89"),
    ]
    assert Words("en").number(float("nan")) == Words("en").amount(float("inf"), "s") == "–"
    assert Words("de").list(["a", "b", "c"]) == "a, b und c"
