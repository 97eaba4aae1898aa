"""Read features with GDAL in a process of its own, and print what was read as JSON.

GDAL waits for its answers without letting go of Python's lock, so it cannot share a process with the server.
"""

import json
import sys
from struct import unpack
from typing import Any


def read(source: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return what GDAL reads of a layer: its form, values by column, points as coordinates."""
    from pyogrio import raw

    options |= {"bbox": tuple(options["bbox"])} if "bbox" in options else {}
    meta, _fids, geometries, values = raw.read(source, **options)
    points = [
        None if each is None else list(unpack("<dd", each[5:21])) if each[1] == 1 else "shape"
        for each in geometries
    ]
    columns = {
        name: [_plain(v) for v in each.tolist()] for name, each in zip(meta["fields"], values, strict=True)
    }
    return {"crs": meta["crs"], "geometry_type": meta["geometry_type"], "points": points, "columns": columns}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def main(source: str, options: str) -> dict[str, Any] | list[Any]:
    """Return the layers of a source where no options are given, else what is read."""
    import pyogrio

    wanted = json.loads(options)
    return read(source, wanted) if wanted else pyogrio.list_layers(source).tolist()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2])))
