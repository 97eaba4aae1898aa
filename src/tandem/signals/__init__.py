"""Signal control: junctions, controllers, the gate, plants and experiments.

What other programs use is here by its name: ``from tandem.signals import Junction, Planner, Gate, compare``.
"""

from importlib import import_module
from typing import Any

_WHERE = {
    "Junction": "domain.junction",
    "read_junction": "domain.notation",
    "write_junction": "domain.notation",
    "check": "domain.check",
    "Policy": "control.policy",
    "Planner": "control.planner",
    "PlannerSettings": "control.planner",
    "Gate": "safety.gate",
    "Supervised": "safety.supervised",
    "QueuePlant": "plant.queue",
    "compare": "experiment.compare",
    "tasks": "experiment.compare",
    "template": "experiment.template",
}
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    """Return a public name; its module is imported only now."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
