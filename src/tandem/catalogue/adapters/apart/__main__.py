"""The other process: sets its own limits, does one thing, says how far it is on standard output."""

import json
import resource
import sys
from collections.abc import Callable, Mapping
from typing import Any

from tandem.catalogue.adapters.apart import Failed, too_large
from tandem.core.text import Sentence

_TENTHS_SAID = 100


def _functions() -> Mapping[str, Callable[..., dict[str, Any]]]:
    from tandem.catalogue.adapters.apart import layers, workbook

    return {
        "workbook.sheets": workbook.sheets,
        "workbook.sheet": workbook.sheet,
        "layers.layers": layers.layers,
        "layers.layer": layers.layer,
        "layers.parquet": layers.parquet,
    }


def _say(**word: Any) -> None:
    sys.stdout.write(json.dumps(word) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Do what the first argument names, with the JSON arguments from standard input."""
    arguments = json.load(sys.stdin)
    most = int(arguments.pop("memory"))
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said = -1

    def tell(share: float) -> None:
        nonlocal said
        if int(share * _TENTHS_SAID) > said:
            said = int(share * _TENTHS_SAID)
            _say(share=share)

    try:
        _say(done=_functions()[sys.argv[1]](**arguments, tell=tell))
    except Failed as error:
        problem = error.problem
        _say(problem=problem.as_json() if isinstance(problem, Sentence) else problem)
    except MemoryError:
        _say(problem=too_large().as_json())


if __name__ == "__main__":
    main()
