"""Agents: the bodies and people that publish, make and look after data, each with an address for ever."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.catalogue.domain.description import AgentDescription, from_json, to_json
from tandem.catalogue.models import Agent, DataService, Dataset, DatasetSeries
from tandem.catalogue.services import own_catalogue
from tandem.core.text import pick
from tandem.kit import installation


def description_of(agent: Agent) -> AgentDescription:
    """Return what is said of an agent."""
    return from_json(AgentDescription, {**agent.description, "iri": agent.iri})


def known() -> list[AgentDescription]:
    """Return the city itself, then all others by name."""
    return [own_catalogue.our_agent(), *(description_of(row) for row in Agent.objects.all())]


@transaction.atomic
def add(description: AgentDescription, *, person: Person | None, now: datetime) -> Agent:
    """Make an agent known, under an address of ours."""
    identity = uuid4()
    iri = f"{installation.config().server.url}/id/agent/{identity}"
    audit.record(person, "catalogue.agent.add", iri, {})
    return Agent.objects.create(
        id=identity,
        iri=iri,
        description=to_json(replace(description, iri=iri)),
        sort_name=_sort_name(description.names),
        changed_at=now,
    )


@transaction.atomic
def describe(agent: Agent, description: AgentDescription, *, person: Person | None, now: datetime) -> None:
    """Change what is said of an agent, in all our descriptions that name it as well."""
    changed = replace(description, iri=agent.iri)
    agent.description, agent.sort_name, agent.changed_at = to_json(changed), _sort_name(changed.names), now
    agent.save(update_fields=["description", "sort_name", "changed_at"])
    for model in (Dataset, DataService, DatasetSeries):
        for row in model.objects.filter(source=None, description__icontains=agent.iri):
            row.description = _with_agent(row.description, to_json(changed))
            row.changed_at = now
            row.save(update_fields=["description", "changed_at"])
    audit.record(person, "catalogue.agent.describe", agent.iri, {})


def _with_agent(value: Any, agent: Mapping[str, Any]) -> Any:
    """Return JSON values with every description of the agent replaced."""
    if isinstance(value, dict):
        if value.get("iri") == agent["iri"]:
            return dict(agent)
        return {key: _with_agent(each, agent) for key, each in value.items()}
    return [_with_agent(each, agent) for each in value] if isinstance(value, list) else value


def _sort_name(names: Mapping[str, str]) -> str:
    return pick(names, installation.city().languages[0])[:200].lower()
