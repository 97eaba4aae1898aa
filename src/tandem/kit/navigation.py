"""The places in the header, and the tools of the staff.

Rooms do not know each other; ``site.wiring`` registers what each has to offer, once, at start-up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the header's navigation.

    Attributes:
        label: What it is called, lazily translated.
        url_name: Name of its address, without arguments: ``catalogue:list``.
        active_prefixes: Where the place counts as the current one: a namespace with its colon
            (``catalogue:``), or the beginning of a path after the language (``data/``).
        pages: Pages side by side that make up the place, as pairs of label and name of the address; each of them
            shows the others. Empty where the place has one page.
        shown_if: For pages that not everybody is shown, by the name of their address, whether the one who asks is.
    """

    label: Text
    url_name: str
    active_prefixes: tuple[str, ...] = ()
    pages: tuple[tuple[Text, str], ...] = ()
    shown_if: Mapping[str, Callable[[HttpRequest], bool]] = field(default_factory=dict, compare=False)

    def pages_for(self, request: HttpRequest) -> list[tuple[Text, str]]:
        """Return the pages that the one who asks is shown."""
        return [
            (label, name)
            for label, name in self.pages
            if name not in self.shown_if or self.shown_if[name](request)
        ]

    def is_current(self, request: HttpRequest) -> bool:
        """Return True where the request lies within the place."""
        match = request.resolver_match
        view_name = match.view_name if match else ""
        below = request.path.lstrip("/").partition("/")[2]
        return view_name == self.url_name or any(
            (view_name if ":" in prefix else below).startswith(prefix.lstrip("/"))
            for prefix in self.active_prefixes
        )


@dataclass(frozen=True, slots=True)
class StaffTool:
    """A list of work of the staff, one click from the header.

    Attributes:
        label: What it is called, lazily translated.
        url_name: Name of its address, without arguments.
        visible: Whether the person who asks may use it.
    """

    label: Text
    url_name: str
    visible: Callable[[HttpRequest], bool]


_places: dict[str, tuple[int, Place]] = {}
_staff_tools: dict[str, tuple[int, StaffTool]] = {}


def register_place(place: Place, *, order: int = 100) -> None:
    """Put a place into the header; a place registered again replaces the former."""
    _places[place.url_name] = (order, place)


def places() -> list[Place]:
    """Return the header's places in their order."""
    return [place for _order, place in sorted(_places.values(), key=lambda entry: entry[0])]


def register_staff_tool(tool: StaffTool, *, order: int = 100) -> None:
    """Put a tool into the staff's menu; a tool registered again replaces the former."""
    _staff_tools[tool.url_name] = (order, tool)


def staff_tools(request: HttpRequest) -> list[StaffTool]:
    """Return the tools that the person who asks may use, in their order."""
    tools = [tool for _order, tool in sorted(_staff_tools.values(), key=lambda entry: entry[0])]
    return [tool for tool in tools if tool.visible(request)]
