"""SUMO as the plant: what is imported, what is seen, and that a seed decides everything."""

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("libsumo")

from tandem.signals.control.tables import tables_of
from tandem.signals.domain.junction import GroupKind, Turn
from tandem.signals.domain.users import PEDESTRIAN
from tandem.signals.experiment.compare import compare
from tandem.signals.experiment.run import Task, run
from tandem.signals.experiment.template import template
from tandem.signals.plant.scenario import NoScenario, NotAScenario, find_scenario, read_own_scenario
from tandem.signals.plant.sumo import SumoOptions, SumoPlant
from tandem.signals.plant.sumo_import import Timing, junctions_of
from tandem.signals.plant.sumo_net import NotANetwork, read_net, read_scenario
from tandem.signals.plant.sumo_trips import read_trips
from tandem.signals.plant.sumo_view import Sight
from tandem.signals.plant.sumo_walks import Walks
from tandem.signals.safety.gate import Gate

HAMM = find_scenario("hamm")


def hamm(**changes):
    own = read_own_scenario(HAMM)
    [wired] = junctions_of(read_net(own.network), timing=replace(own.timing, **changes))
    return wired.junction


# --- import ---------------------------------------------------------------------------------------
def test_a_network_becomes_a_junction_with_crossings_and_cycle_lanes():
    junction = hamm()
    kinds = [group.kind for group in junction.groups]

    assert kinds.count(GroupKind.PEDESTRIAN) == 4
    assert kinds.count(GroupKind.CYCLE) == 8
    assert kinds.count(GroupKind.VEHICLE) == 10
    assert sum(movement.turn is Turn.CROSSING for movement in junction.movements) == 4
    assert len(junction.lanes) == 6 + 4 + 4  # car lanes, cycle lanes, kerbs
    Gate(junction)  # no stage holds a conflict


def test_intergreens_from_geometry_are_never_shorter_than_yellow_or_a_walk_needs():
    junction = hamm()
    by_id = junction.group_by_id
    lengths = {each.group: each.path_m for each in junction.movements if each.turn is Turn.CROSSING}

    for (clearing, entering), between_ms in junction.intergreens_ms.items():
        assert between_ms >= by_id[clearing].yellow_ms
        assert between_ms <= 15_000
        assert (entering, clearing) in junction.intergreens_ms
    assert (
        max(
            between_ms for (clearing, _), between_ms in junction.intergreens_ms.items() if clearing in lengths
        )
        >= 1_000 * min(lengths.values()) / 1.2
    )


def test_more_stages_are_made_and_none_conflicts():
    few, many = hamm(most_stages=1), hamm(most_stages=12)

    assert [stage.id for stage in many.stages][: len(few.stages)] == [stage.id for stage in few.stages]
    assert (
        len(many.stages) == 12 + 6
    )  # each of the two stages with two crossings without one, the other, both
    for stage in many.stages:
        pairs = [(a, b) for a in stage.green for b in stage.green if a < b and many.conflict(a, b)]
        assert all({a, b} & stage.permissive for a, b in pairs)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is no XML"),
        ("<net", "it is no XML"),
        ("<routes/>", "its root is <routes>"),
    ],
)
def test_what_is_no_network_is_said(tmp_path, text, problem):
    path = tmp_path / "x.net.xml"
    path.write_text(text, "utf-8")

    with pytest.raises(NotANetwork, match=problem):
        read_net(path)


def test_a_configuration_without_a_network_is_said(tmp_path):
    path = tmp_path / "x.sumocfg"
    path.write_text("<configuration><input/></configuration>", "utf-8")

    with pytest.raises(NotANetwork, match="names no net-file"):
        read_scenario(path)
    with pytest.raises(NotANetwork, match="No such file"):
        read_scenario(tmp_path / "none.sumocfg")


# --- scenarios ------------------------------------------------------------------------------------
def test_a_scenario_is_found_by_name_by_file_and_by_folder(tmp_path):
    assert find_scenario(str(HAMM)) == HAMM
    assert find_scenario(str(HAMM.parent)) == HAMM
    with pytest.raises(NoScenario, match="There is no scenario atlantis"):
        find_scenario("atlantis")
    with pytest.raises(NoScenario):
        find_scenario(str(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('starts = "07:15"', "", "'starts' is missing"),
        ('starts = "07:15"', 'starts = "soon"', "soon"),
        ('day = "tue"', 'day = "someday"', "not in tuple"),
        ('kind = "car"', 'kind = "lorry"', "'lorry' is no kind"),
        ("yellow_s = 3", "yelow_s = 3", "yelow_ms"),
        ("[timing]", "[timing", "it is no TOML"),
    ],
)
def test_what_is_wrong_in_a_scenario_is_said(tmp_path, old, new, problem):
    text = HAMM.read_text("utf-8")
    assert old in text
    path = tmp_path / "scenario.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(NotAScenario, match=problem):
        read_own_scenario(path)


# --- runs -----------------------------------------------------------------------------------------
def short(controller, **changes) -> Task:
    task, _notes = template("hamm")
    return replace(task, controller=controller, seed=1, duration_s=150, emissions=False, **changes)


def test_a_seed_decides_everything():
    task = short("planner")

    [first] = compare([task])
    [again, other] = compare([task, replace(task, seed=2)], jobs=2)

    assert first.classes == again.classes
    assert first.traces == again.traces
    assert other.classes != first.classes


def test_people_on_foot_are_seen_on_their_way_and_at_the_kerb():
    own = read_own_scenario(HAMM)
    plant = SumoPlant(HAMM, SumoOptions(duration_s=200, timing=own.timing, sight=Sight(range_m=70)))
    plant.start()
    distances, waited = [], []
    while not plant.done:
        [seen] = plant.observe()
        walkers = seen.users[seen.users["kind"] == PEDESTRIAN]
        distances += walkers["distance_m"].tolist()
        waited += walkers["waited_s"].tolist()
        plant.step()
    outcome = plant.close()

    assert max(distances) > 30
    assert min(distances) < 1
    assert max(waited) > 5
    assert {trip.kind for trip in outcome.trips} == {"car", "bicycle", "pedestrian"}


def test_silent_detectors_end_in_the_plan_within_two_seconds():
    result = run(short("planner", sight=Sight(range_m=70, silent_from_s=60, silent_until_s=90)))

    assert result.gate["faults"] == {"no-request": 30}
    assert result.gate["plan_s"] == 30 + 2  # it hands back with the third good request


def test_missed_road_users_are_never_seen():
    everybody = run(short("actuated", sight=Sight(range_m=70)))
    nobody = run(short("actuated", sight=Sight(range_m=70, missed_share=1.0)))

    assert nobody.of("all").wait_s > everybody.of("all").wait_s
    assert len(nobody.traces[0].changes) < len(everybody.traces[0].changes)


def test_trips_are_read_as_published_delay_counts_them(tmp_path):
    path = tmp_path / "tripinfo.xml"
    path.write_text(
        """<tripinfos>
        <tripinfo id="a" vType="car" timeLoss="10.5" departDelay="2" waitingTime="4" waitingCount="1" arrival="90">
          <emissions CO2_abs="2500"/></tripinfo>
        <tripinfo id="b" vType="bike@1" timeLoss="-1" departDelay="30" waitingTime="-1" waitingCount="0" arrival="-1"/>
        <personinfo id="c" waitingTime="7">
          <walk timeLoss="9" arrival="80"/><walk timeLoss="1" arrival="-1"/></personinfo>
        </tripinfos>""",
        "utf-8",
    )

    car, bike, walker = read_trips(path, kind_of={"car": "car", "bike": "bicycle"}.get)

    assert (car.kind, car.delay_s, car.wait_s, car.stops, car.co2_g, car.finished) == (
        "car",
        12.5,
        4,
        1,
        2.5,
        True,
    )
    assert (bike.kind, bike.delay_s, bike.finished) == ("bicycle", 30.0, False)
    assert (walker.kind, walker.delay_s, walker.wait_s, walker.finished) == ("pedestrian", 10.0, 7.0, False)


# --- real networks --------------------------------------------------------------------------------
@pytest.mark.conformance
@pytest.mark.parametrize(("network", "delay_s"), [("cologne1", 42.97), ("ingolstadt1", 28.16)])
def test_plans_as_shipped_give_the_known_delay(shared_data, network, delay_s):
    config = next(Path(shared_data, "sumo", network).glob("*.sumocfg"))

    [result] = compare([Task(network, config, "sumo-static", 1, emissions=False)])

    assert result.of("all").delay_s == pytest.approx(delay_s, abs=0.01)


@pytest.mark.conformance
def test_twins_become_one_junction(shared_data):
    config = next(Path(shared_data, "sumo", "ingolstadt21").glob("*.sumocfg"))
    found = junctions_of(read_net(read_scenario(config).net), timing=Timing())

    twins = sorted(wired.junction.id for wired in found if "+" in wired.junction.id)
    assert twins == ["243641585+gneJ257", "30503246+30624898"]
    assert len(found) == 19


@pytest.mark.conformance
def test_a_short_link_inside_one_junction_is_passed_in_one_go(shared_data):
    config = next(Path(shared_data, "sumo", "bologna-acosta").glob("*.sumocfg"))
    found = junctions_of(read_net(read_scenario(config).net), timing=Timing())

    [junction] = [wired.junction for wired in found if wired.junction.id == "221"]
    onward = {exit_.id: exit_.leads_to for exit_ in junction.exits if exit_.id.startswith("201c")}
    assert onward == {f"201c_{lane}": f"201c_{lane}" for lane in range(3)}  # 8 m
    tables = tables_of(junction)
    assert tables.pair_of
    for first, second in tables.pair_of:
        assert junction.movements[second].lane == onward.get(
            junction.movements[first].exit, junction.movements[first].exit
        )


def test_somebody_on_a_corner_is_as_far_as_the_kerb():
    net = read_net(read_own_scenario(HAMM).network)
    walks = Walks(net)
    begins, *_middle, ends = net.lanes[":junction_c0_0"].shape

    assert walks.to_kerb_m(begins, ":junction_c0") == 0
    assert walks.to_kerb_m((ends[0], ends[1] - 3), ":junction_c0") == pytest.approx(3, abs=0.01)
