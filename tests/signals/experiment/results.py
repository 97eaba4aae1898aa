"""Results of runs that never were, for tests of what is made of them."""

from tandem.signals.experiment.results import ClassResult, RunResult, SignalTrace, wait_histogram

TRACE = SignalTrace(
    "J1", ("K1", "R2"), ("vehicle", "cycle"), ((0.0, "rG"), (4.0, "Gr"), (20.0, "yr"), (50.0, "rg"))
)


def a_class(kind="car", delay_s=20.0, wait_s=10.0, longest_wait_s=50.0, count=100, waits_s=(), **more):
    values = {"finished": count, "stops": 0.5, "co2_g": 80.0} | more
    return ClassResult(
        kind,
        count,
        delay_s=delay_s,
        wait_s=wait_s,
        longest_wait_s=longest_wait_s,
        waits=wait_histogram(waits_s),
        **values,
    )


def a_run(controller, seed, *classes, **more):
    values = {"duration_s": 3600, "options": {"teleport_s": -1}, "locked_at_s": None} | more
    return RunResult(f"{controller}-{seed}", "town", controller, seed, classes=classes, **values)


def runs(**delays_s):
    """Return runs of cars with the given delays, one for each seed."""
    return [
        a_run(name.replace("_", "-"), seed, a_class(delay_s=delay_s))
        for name, of_seeds in delays_s.items()
        for seed, delay_s in enumerate(of_seeds, start=1)
    ]


RESULTS = [
    a_run(
        name,
        seed,
        a_class("all", delay_s=22.0 + seed + worse, count=150, waits_s=(3, 20)),
        a_class("car", delay_s=20.0 + seed + worse, waits_s=(3, 20, 70, 130)),
        a_class("bicycle", delay_s=30.0 + seed - worse, count=50, co2_g=0.0, waits_s=(3, 3, 91, 400)),
        a_class("pedestrian", delay_s=15.0 + seed * worse, count=70, co2_g=0.0, waits_s=(1,)),
        traces=(TRACE,) if seed == 1 else (),
        queue_s=(10, 20, 30),
        queue_veh=(seed, 2 * seed, 3),
        decisions={"count": 3600.0, "mean_ms": 0.25 + worse, "p99_ms": 1.5, "most_ms": 7.25},
        gate={"faults": {"late": 2}, "plan_s": 5, "recall_s": 1},
        took_s=4.2,
    )
    for seed in (1, 2, 3)
    for name, worse in (("actuated", 0.0), ("planner", 4.0))
]
