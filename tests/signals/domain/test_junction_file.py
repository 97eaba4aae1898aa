"""The page on the junction file says what the code does."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tandem.signals.domain import check as check_package
from tandem.signals.domain.check import CheckRules, check, rules_from_mapping
from tandem.signals.domain.clearing import ClearingRules, intergreens_from_geometry
from tandem.signals.domain.notation import read_junction, write_junction
from tandem.signals.safety.gate import Gate

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "junction-file.md").read_text("utf-8")
SCHEMA = json.loads(files("tandem.signals.domain").joinpath("junction.schema.json").read_text("utf-8"))


def block(language: str) -> str:
    """Return the only block of a language on the page."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)
    return str(found)


# --- the example ----------------------------------------------------------------------------------
def test_the_example_is_a_sound_junction_that_the_gate_takes():
    junction = read_junction(block("json"))

    assert check(junction) == []
    Gate(junction)


def test_the_examples_intergreens_are_what_its_geometry_asks_for():
    junction = read_junction(block("json"))

    assert intergreens_from_geometry(junction) == junction.intergreens_ms


def test_the_example_comes_back_as_it_was():
    junction = read_junction(block("json"))

    assert read_junction(write_junction(junction)) == junction


# --- the check ------------------------------------------------------------------------------------
def test_the_page_names_every_finding_and_no_other():
    source = "".join(path.read_text("utf-8") for path in Path(check_package.__file__).parent.glob("*.py"))
    made = set(re.findall(r'\b(?:error|warning)\(\s*"([a-z-]+)"', source))
    made |= {f"unused-{each}" for each in ("approach", "lane", "exit", "group")}
    table = PAGE.partition("| code |")[2].partition("\n\n")[0]

    assert len(made) > 20
    assert set(re.findall(r"`([a-z-]+)`", table)) == made


def test_the_rules_on_the_page_are_the_default():
    rules, default = rules_from_mapping(tomllib.loads(block("toml"))), CheckRules()

    for field in fields(CheckRules):
        if field.name != "clearing":
            assert getattr(rules, field.name) == getattr(default, field.name)
    for field in fields(ClearingRules):
        shown, real = (getattr(each.clearing, field.name) for each in (rules, default))
        for number in fields(shown):
            assert getattr(shown, number.name) == pytest.approx(getattr(real, number.name), abs=0.05)


def test_the_rules_on_the_page_name_every_rule():
    shown = tomllib.loads(block("toml"))

    assert len(shown) == len(fields(CheckRules))
    assert set(shown["clearing"]) == {field.name for field in fields(ClearingRules)}


# --- the names ------------------------------------------------------------------------------------
def reference() -> Iterator[str]:
    """Yield the lines of the page's last section, from the schema."""
    yield from table("The junction", SCHEMA)
    yield from table("place", SCHEMA["properties"]["place"])
    for name, part in SCHEMA["$defs"].items():
        yield from table(name, part)


def table(title: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield from (
        f"### {title}",
        "",
        schema["description"],
        "",
        "| name | default | what it is |",
        "|---|---|---|",
    )
    for name, part in schema["properties"].items():
        required = name in schema["required"]
        default = "required" if required else f"`{json.dumps(part['default'])}`" if "default" in part else ""
        yield f"| `{name}` | {default} | {part['description']} |"
    yield ""


def test_the_page_ends_with_every_name_of_the_schema():
    assert PAGE.partition("## All names\n\n")[2].splitlines() == list(reference())[:-1]
