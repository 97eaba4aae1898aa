"""Pages of the reference, written from the code: settings, commands, operations, permissions."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import click

from tandem.cli import COMMANDS, _load
from tandem.core.config import PREFIX, SECTIONS, documented_settings
from tandem.participation.domain.phase import (
    RULES,
    Action,
    PhaseKind,
    PhaseState,
    Rule,
    Who,
    usually_admitted,
)

TYPES = {"str": "text", "int": "whole number", "bool": "true or false"}


def settings_reference() -> str:
    """Return a table of the settings of each section, described as in the code."""
    parts = []
    for section, kind in SECTIONS.items():
        described = attributes_of(kind)
        parts += [f"## `[{section}]`", "", inspect.cleandoc(kind.__doc__ or "").partition("\n")[0], ""]
        parts += ["| setting | kind | default | environment | what it says |", "|---|---|---|---|---|"]
        for name, type_name, default in documented_settings():
            if name.startswith(f"{section}."):
                key = name.partition(".")[2]
                variable = f"{PREFIX}{section}_{key}".upper()
                shown = TYPES.get(type_name, "list of texts")
                parts.append(f"| `{name}` | {shown} | `{toml(default)}` | `{variable}` | {described[key]} |")
        parts.append("")
    return "\n".join(parts)


def attributes_of(kind: type) -> dict[str, str]:
    """Return what a class's docstring says of each attribute (Google's section ``Attributes``)."""
    text = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:\n")[2]
    found = re.findall(r"^ {4}(\w+): (.*?)(?=^ {4}\w|\Z)", text, re.S | re.M)
    return {name: " ".join(words.replace("``", "`").split()) for name, words in found}


def toml(value: Any) -> str:
    """Return a default as one would write it in ``tandem.toml``."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(list(value) if isinstance(value, tuple) else value)


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Return every command with its full name, a group before its commands."""
    for name, (where, _needs, _line) in COMMANDS.items():
        yield from _below(f"tandem {name}", _load(where))


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for inner in command.commands:
            yield from _below(f"{name} {inner}", command.commands[inner])


def commands_reference() -> str:
    """Return a section for each command: what it does, how it is called, its options."""
    return "\n".join(line for name, command in every_command() for line in _section(name, command))


def _section(name: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
    lines = [
        f"## `{name}`",
        "",
        _prose(command.help or ""),
        "",
        "```text",
        f"{name} {usage}".rstrip(),
        "```",
        "",
    ]
    if options:
        lines += ["| option | default | what it does |", "|---|---|---|", *map(_row, options), ""]
    return lines


def _prose(text: str) -> str:
    return inspect.cleandoc(text.replace("\b", "").partition("\f")[0]).strip()


def _row(option: click.Option) -> str:
    spelt = " / ".join(f"`{spelling}`" for spelling in [*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" {_metavar(option)}"
    plain = not callable(option.default) and option.default not in {None, False, ()} and not option.multiple
    default = f"`{option.default}`" if plain and repr(option.default) != "Sentinel.UNSET" else ""
    return f"| {spelt}{value} | {default} | {' '.join((option.help or '').split())} |"


def _metavar(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return ", ".join(f"`{choice}`" for choice in option.type.choices)
    return option.metavar or option.type.name.upper()


def api_reference() -> str:
    """Return a section for each operation of the HTTP API, from its OpenAPI description."""
    from tandem.site.api import api

    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    lines = []
    for path, operations in paths.items():
        for method, operation in operations.items():
            lines += [
                f"## `{method.upper()} {path}`",
                "",
                f"{operation['summary']}.",
                "",
                _of_api(operation),
                "",
            ]
    return "\n".join(lines)


def _of_api(operation: dict[str, Any]) -> str:
    described = " ".join(operation.get("description", "").replace("``", "`").split())
    query = [f"`{each['name']}`" for each in operation.get("parameters", ()) if each["in"] == "query"]
    body = list(operation.get("requestBody", {}).get("content", ()))
    asked = [f"Query: {', '.join(query)}." if query else "", f"Body: `{body[0]}`." if body else ""]
    return " ".join([described, *filter(None, asked)])


def permissions_reference() -> str:
    """Return a table for each kind of phase: who may do what while it is planned, open, closed."""
    parts = []
    for kind in PhaseKind:
        heads = " | ".join(PhaseState)
        parts += [f"## `{kind}`", "", f"| action | {heads} |", "|---|---|---|---|"]
        for action in Action:
            if rule := RULES[kind].get(action):
                people = _people(rule, usually_admitted(kind))
                cells = [people if state in rule.states else "nobody" for state in PhaseState]
                parts.append(f"| `{action}` | {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)


def _people(rule: Rule, usually: frozenset[Who]) -> str:
    if rule.who == frozenset(Who):
        return "everybody"
    chosen = [each for each in Who if each in rule.who]
    return ", ".join(
        f"{each} (if admitted)" if rule.chosen and each is not Who.STAFF and each not in usually else each
        for each in chosen
    )
