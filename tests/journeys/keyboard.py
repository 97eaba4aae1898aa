"""Somebody who has a keyboard and no mouse: where Tab leads on a page, in what order, and whether one sees it."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops

MOST_STOPS = 400
AROUND_PX = 6
MOST_UP_PX = 80  # how far up a page a step may lead within the content: things in a row differ in height

STOPS = """() => {
  window.reached = [];
  const shown = (each) => each.checkVisibility({ checkVisibilityCSS: true }) && !each.matches(":disabled");
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
  window.wanted = all.filter((each) => each.tabIndex >= 0 && each.type !== "hidden" && shown(each));
  const groups = new Map();
  for (const each of window.wanted) {
    if (each.type !== "radio") continue;
    const name = `${each.form && each.form.action} ${each.name}`;
    if (!groups.has(name) || each.checked) groups.set(name, each);
  }
  window.wanted = window.wanted.filter((each) => each.type !== "radio" || [...groups.values()].includes(each));
}"""
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const words = at.getAttribute("aria-label") || at.innerText || at.name || at.id || "";
  const labels = at.labels ? [...at.labels] : [];
  const before = window.reached.at(-1);
  const again = window.reached.includes(at);
  const box = at.getBoundingClientRect();
  const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
  const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  const over = right > left && bottom > top ? document.elementFromPoint((left + right) / 2, (top + bottom) / 2) : null;
  const region = at.closest("nav, header, footer, aside, .map, main");
  const within = at.closest(".content") && !at.closest(".map, table");
  if (!again) window.reached.push(at);
  return {
    name: `${at.tagName.toLowerCase()} "${words.trim().slice(0, 60)}"`,
    look: [at.tagName, at.type, at.getAttribute("class"), region && (region.className || region.tagName)].join(" "),
    again,
    backwards: Boolean(before && !again && before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_PRECEDING),
    up: before && within && before.closest(".content") && !before.closest(".map, table")
      ? before.getBoundingClientRect().top - box.top : 0,
    visible: { left, top, width: right - left, height: bottom - top },
    hidden: !over || !(at.contains(over) || over.contains(at) || labels.some((each) => each.contains(over))),
  };
}"""
LEFT_OUT = """() => window.wanted.filter((each) => each.isConnected && !window.reached.includes(each)
  && each.checkVisibility({ checkVisibilityCSS: true })).map((each) => each.outerHTML.slice(0, 160))"""


@dataclass
class Walk:
    """What Tab found on one page.

    Attributes:
        stops: What was reached, in order.
        faults: One sentence for each thing that keeps somebody out.
    """

    stops: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def walk(page: Any, seen: set[str]) -> Walk:
    """Press Tab from the top of a page to its end.

    Args:
        page: Just opened.
        seen: Looks whose focus was seen to be visible on another page; those found here are added.
    """
    found = Walk()
    page.evaluate(STOPS)
    for _number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["again"]:
            break
        found.stops.append(stop["name"])
        found.faults += _faults(page, stop, seen)
    else:
        found.faults.append(f"Tab does not come to an end in {MOST_STOPS} steps")
    found.faults += [f"Tab does not reach {each}" for each in page.evaluate(LEFT_OUT)]
    return found


def _faults(page: Any, stop: dict[str, Any], seen: set[str]) -> list[str]:
    faults = []
    if stop["backwards"]:
        faults.append(f"{stop['name']} comes before what Tab reached before it")
    if stop["up"] > MOST_UP_PX:
        faults.append(f"Tab leads up the page by {stop['up']:.0f} px to {stop['name']}")
    if stop["visible"]["width"] < 1 or stop["visible"]["height"] < 1:
        faults.append(f"{stop['name']} has the focus and is out of sight")
    elif stop["hidden"]:
        faults.append(f"{stop['name']} has the focus and is covered")
    elif stop["look"] not in seen:
        if focus_is_visible(page, stop["visible"]):
            seen.add(stop["look"])
        else:
            faults.append(f"{stop['name']} has the focus and looks as without it")
    return faults


def focus_is_visible(page: Any, box: dict[str, float]) -> bool:
    """Return whether the pixels around what has the focus are others without it: as many as half its outline."""
    size = page.viewport_size
    left, top = max(box["left"] - AROUND_PX, 0), max(box["top"] - AROUND_PX, 0)
    clip = {
        "x": left,
        "y": top,
        "width": min(box["left"] + box["width"] + AROUND_PX, size["width"]) - left,
        "height": min(box["top"] + box["height"] + AROUND_PX, size["height"]) - top,
    }
    with_focus = _picture(page, clip)
    page.evaluate("() => { window.at = document.activeElement; window.at.blur(); }")
    without = _picture(page, clip)
    page.evaluate("() => window.at.focus({ preventScroll: true })")
    changed = ImageChops.difference(with_focus, without).convert("L").point(lambda value: 255 * (value > 24))
    return changed.histogram()[255] >= box["width"] + box["height"]


def _picture(page: Any, clip: dict[str, float]) -> Image.Image:
    return Image.open(BytesIO(page.screenshot(clip=clip, caret="hide", animations="disabled"))).convert("RGB")


def focused(page: Any) -> str:
    """Return the id, or else the text, of what has the focus; an empty text where nothing has it."""
    return page.evaluate(
        "() => document.activeElement === document.body ? '' "
        ": document.activeElement.id || document.activeElement.textContent.trim()"
    )


def tab_to(page: Any, wanted: Any) -> None:
    """Press Tab until ``wanted`` has the focus.

    Raises:
        AssertionError: Tab does not lead there.
    """
    for _number in range(MOST_STOPS):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")
