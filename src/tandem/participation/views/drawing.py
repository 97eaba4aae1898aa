"""What the script that draws on maps needs to say."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext


def drawing_texts(shapes: Sequence[str]) -> dict[str, Any]:
    """Return the shapes that can be drawn and the texts of the buttons, for ``draw.js``."""
    return {
        "shapes": list(shapes),
        "texts": {
            "point": gettext("Mark a point"),
            "line": gettext("Draw a line"),
            "area": gettext("Draw an area"),
            "here": gettext("Set it in the middle of the map"),
            "undo": gettext("Take the last corner back"),
            "clear": gettext("Start again"),
            "how": gettext(
                "Click on the map, or move it with the arrow keys and set the place in its middle."
            ),
            "done": gettext("The place is marked."),
            "corners": gettext("{count} corners"),
            "more": gettext("Set at least {least} corners."),
        },
    }
