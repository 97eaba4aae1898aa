"""What is wrong with profiles, or with a call, before anybody is matched."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from tandem.core.city import BadCityId, check_city_id
from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.text import Sentence, say
from tandem.exchange.domain.matching.profiles import (
    MOST_INHABITANTS,
    MOST_WEIGHT,
    Call,
    CityProfile,
    Entry,
    key,
    pairs_of,
    places_taken,
    standing,
)

_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class InvalidProfiles(InvalidInput):
    """Profiles cannot be matched as they are.

    Attributes:
        findings: All there are, those of severity error among them.
    """

    code = "exchange.matching.invalid-profiles"

    def __init__(self, findings: Sequence[Finding]) -> None:
        errors = [each for each in findings if each.severity is Severity.ERROR]
        super().__init__(
            say(
                "Profiles have {number} errors; the first, at {path}: {message}",
                number=len(errors),
                path=errors[0].path,
                message=errors[0].message,
            )
        )
        self.findings = tuple(findings)


def check(profiles: Sequence[CityProfile], call: Call) -> list[Finding]:
    """Return everything that is wrong, with paths such as ``hamm/needs/open-data``."""
    counts = Counter(each.id for each in profiles)
    active = {each.id: each.active for each in profiles}
    findings = [
        _error("twice", name, say("The city is there twice. Leave one profile out."))
        for name, number in sorted(counts.items())
        if number > 1
    ]
    for city in sorted(profiles, key=lambda each: each.id):
        findings += [*_of_city(city), *_of_entries(city), *_of_others(city, profiles, active)]
    findings += _of_call(call)
    return findings + list(_of_tandems(profiles, call))


def require_valid(profiles: Sequence[CityProfile], call: Call) -> None:
    """Do nothing where profiles can be matched; warnings do not matter.

    Raises:
        InvalidProfiles: They cannot.
    """
    findings = check(profiles, call)
    if any(each.severity is Severity.ERROR for each in findings):
        raise InvalidProfiles(findings)


def _error(code: str, path: str, message: Sentence) -> Finding:
    return Finding(Severity.ERROR, f"exchange.matching.{code}", path, message)


def _warning(code: str, path: str, message: Sentence) -> Finding:
    return Finding(Severity.WARNING, f"exchange.matching.{code}", path, message)


def _of_city(city: CityProfile) -> Iterator[Finding]:
    try:
        check_city_id(city.id)
    except BadCityId:
        yield _error("bad-id", city.id, say("Use lower-case letters, digits and hyphens, a letter first."))
    if not any(city.names.values()):
        yield _error("no-name", f"{city.id}/names", say("Give the city's name."))
    if not _COUNTRY.fullmatch(city.country):
        yield _error("bad-country", f"{city.id}/country", say("Give two capital letters, such as IT."))
    if not city.languages:
        yield _error("no-language", f"{city.id}/languages", say("Say in which languages people can work."))
    for each in city.languages:
        if not _LANGUAGE.fullmatch(each):
            yield _error("bad-language", f"{city.id}/languages/{each}", say("Give a code, such as it."))
    if not 1 <= city.population <= MOST_INHABITANTS:
        says = say("Give the number of inhabitants, with nine digits at the most.")
        yield _error("bad-population", f"{city.id}/population", says)
    if city.kind not in (1, 2, 3):
        yield _error("bad-kind", f"{city.id}/kind", say("Give 1 (city), 2 (town) or 3 (rural area)."))
    if city.capacity < 0:
        yield _error("bad-capacity", f"{city.id}/capacity", say("Give 0 or more tandems."))


def _of_entries(city: CityProfile) -> Iterator[Finding]:
    for side, entries in (("needs", city.needs), ("offers", city.offers)):
        if not entries:
            yield _warning(
                "one-sided",
                f"{city.id}/{side}",
                say("There are none, so the city can only be in one-sided pairs."),
            )
        topics = Counter(each.topic for each in entries)
        for each in entries:
            yield from _of_entry(each, f"{city.id}/{side}/{each.topic}", topics[each.topic])
    for topic in sorted({each.topic for each in city.needs} & {each.topic for each in city.offers}):
        says = say("A city leads or follows in a topic. Leave it out of one side, or name it more narrowly.")
        yield _error("leads-and-follows", f"{city.id}/offers/{topic}", says)


def _of_entry(entry: Entry, path: str, times: int) -> Iterator[Finding]:
    if not entry.topic:
        yield _error("no-topic", path, say("Name the topic."))
    if not 1 <= entry.weight <= MOST_WEIGHT:
        yield _error("bad-weight", path, say("Give a weight from 1 to 5."))
    if times > 1:
        yield _error("topic-twice", path, say("The topic is there twice. Make one entry of them."))
    if not any(entry.texts.values()):
        yield _warning("no-sentence", path, say("Say in one sentence what it is about."))


def _of_others(
    city: CityProfile, profiles: Collection[CityProfile], active: Mapping[str, bool]
) -> Iterator[Finding]:
    unwanted = {each.city_id for each in city.no_gos}
    for no_go in city.no_gos:
        path = f"{city.id}/no_gos/{no_go.city_id}"
        yield from _of_name(city, no_go.city_id, path, active)
        if not no_go.reason.strip():
            yield _error("no-reason", path, say("Say why, in one sentence."))
    agreeing = {each.id for each in profiles if city.id in each.agreed_with}
    for name in city.agreed_with:
        path = f"{city.id}/agreed_with/{name}"
        yield from _of_name(city, name, path, active)
        if name in unwanted:
            yield _error(
                "agreed-and-unwanted", path, say("The city is a no-go as well. Decide for one of the two.")
            )
        if name not in agreeing:
            yield _warning(
                "agreed-alone", path, say("It does not say so itself, so this does not count yet.")
            )


def _of_name(city: CityProfile, name: str, path: str, active: Mapping[str, bool]) -> Iterator[Finding]:
    if name == city.id:
        yield _error("itself", path, say("This is the city itself."))
    elif name not in active:
        yield _warning("unknown-city", path, say("No city of this id takes part."))
    elif not active[name]:
        yield _warning("not-active", path, say("This city takes no part any more."))


def _of_call(call: Call) -> Iterator[Finding]:
    shares = {
        "one_sided_percent": call.one_sided_percent,
        "size_percent": call.size_percent,
        "kind_percent": call.kind_percent,
    }
    for name, percent in shares.items():
        if not 0 <= percent <= 100:
            yield _error("bad-percent", f"call/{name}", say("Give a percentage from 0 to 100."))
    if call.size_percent + call.kind_percent >= 100:
        says = say("Size and kind together must leave something of the score: less than 100.")
        yield _error("bad-percent", "call/kind_percent", says)
    if call.largest < 2:
        yield _error("bad-largest", "call/largest", say("A tandem has two cities or more."))
    if call.time_limit_s <= 0:
        yield _error("bad-time", "call/time_limit_s", say("Give some time, in seconds."))


def _of_tandems(profiles: Sequence[CityProfile], call: Call) -> Iterator[Finding]:
    cities = {each.id: each for each in profiles}
    for tandem in call.tandems:
        path = f"call/tandems/{'-'.join(tandem)}"
        if len(set(tandem)) < 2 or len(set(tandem)) < len(tandem):
            yield _error("bad-tandem", path, say("A tandem has two or more different cities."))
        missing = [each for each in tandem if each not in cities or not cities[each].active]
        for name in missing:
            yield _error("bad-tandem", path, say("{city} takes no part.", city=name))
        unwanted = {key(each.id, no_go.city_id) for each in profiles for no_go in each.no_gos}
        for one, other in sorted(unwanted.intersection(pairs_of(tandem))):
            says = say("{one} or {other} does not want the other.", one=one, other=other)
            yield _error("agreed-and-unwanted", path, says)
    tandems = standing(profiles, call)
    for city in cities.values():
        taken = places_taken(tandems, city.id)
        if taken > max(city.capacity, 0):
            says = say(
                "Tandems that stand: {taken}; places: {places}. Raise the capacity or end one.",
                taken=taken,
                places=city.capacity,
            )
            yield _error("no-place", f"{city.id}/capacity", says)
