"""A dataset becomes a package and again the same dataset, and the other way about."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.catalogue.domain import ckan, ckan_described, ckan_resource, vocabulary
from tandem.catalogue.domain.ckan import Facts
from tandem.catalogue.domain.ckan_names import licence_id, licence_of
from tandem.catalogue.domain.ckan_values import BadPackage
from tandem.catalogue.domain.description import DatasetDescription, DistributionDescription
from tests.catalogue.adapters.descriptions import TREES, datasets

FACTS = Facts(
    "c0ffee00-0000-4000-8000-000000000001", "baeume", "active", "2024-01-01T00:00:00", "2024-01-02T00:00:00"
)


def package_of(described: DatasetDescription, language: str = "de") -> dict[str, Any]:
    resources = [ckan_resource.resource_of(each, language) for each in described.distributions]
    return ckan.package_of(described, FACTS, resources, language)


def described_by(package: dict[str, Any], iri: str, language: str = "de", **more: Any) -> DatasetDescription:
    before = more.get("before", {})
    parts = tuple(
        ckan_resource.described_by(
            each, DistributionDescription(each.get("uri", "")), language=language, before={}
        )
        for each in package.get("resources", [])
    )
    made = ckan_described.described_by(package, DatasetDescription(iri), language=language, before=before)
    own = {each["uri"]: "license" in each for each in package.get("resources", [])}
    return ckan_described.with_licence(replace(made, distributions=parts), package, own)


def extras(package: dict[str, Any]) -> dict[str, str]:
    return {each["key"]: each["value"] for each in package["extras"]}


@settings(deadline=None)
@given(datasets(), st.sampled_from(["de", "it"]), st.sampled_from(["de", "it"]))
def test_dataset_to_package_to_dataset_is_the_same(described: DatasetDescription, here: str, there: str):
    assert described_by(package_of(described, here), described.iri, there) == described


VALUES = st.text(max_size=12) | st.integers() | st.booleans() | st.lists(st.text(max_size=4), max_size=2)
EXTRAS = st.dictionaries(
    st.text(min_size=1, max_size=8).map(str.strip).filter(bool)
    | st.sampled_from([key.name for key in ckan.EXTRAS]),
    st.text(min_size=1, max_size=20).filter(lambda said: said.strip() and "\x00" not in said),
    max_size=5,
).map(lambda found: [{"key": key, "value": value} for key, value in found.items()])
PACKAGES = st.fixed_dictionaries(
    {"title": st.text(max_size=9), "extras": EXTRAS},
    optional={
        "notes": st.text(max_size=9),
        "url": st.sampled_from(["", "https://a.example/b", "no address"]),
        "tags": st.sets(st.text("abä ", min_size=1, max_size=5).filter(str.strip), max_size=3).map(
            lambda names: [{"name": each.strip()} for each in names]
        ),
        "groups": st.just([{"name": "envi"}, {"name": "unknown"}]),
        "license_id": st.sampled_from(
            ["", "cc-by", "CC-BY-4.0", "house-licence", "https://a.example/licence"]
        ),
        "maintainer": st.sampled_from(["", "Somebody"]),
        "author": st.sampled_from(["", "Somebody"]),
        "custom_field": VALUES,
        "resources": st.lists(
            st.fixed_dictionaries(
                {"uri": st.uuids().map(lambda each: f"https://a.example/{each}")},
                optional={
                    "name": st.text(max_size=5),
                    "url": st.sampled_from(["", "https://a.example/x.csv", "relative/x"]),
                    "format": st.sampled_from(["CSV", "csv", "strange", ""]),
                    "size": st.sampled_from([3, "12", "many", None]),
                    "own_field": VALUES,
                },
            ),
            max_size=2,
        ),
    },
)


@settings(deadline=None)
@given(PACKAGES)
def test_any_package_settles_after_one_turn(package: dict[str, Any]):
    iri = "https://a.example/dataset/1"
    try:
        described = described_by(package, iri)
    except BadPackage:
        return

    once = package_of(described)
    again = package_of(described_by(once, iri))

    assert again == once
    said = {each["key"]: each["value"] for each in package["extras"]} | package
    kept = extras(once) | once
    for key in ("custom_field", "author", "maintainer", "url"):
        if said.get(key) not in (None, "", []) and str(said[key]).strip():
            assert kept[key] == said[key]


def test_unknown_fields_and_extras_come_back():
    package = {
        "title": "Bäume",
        "version": "2",
        "scheming": {"deep": ["ü", 1]},
        "license_id": "house-licence",
        "extras": [{"key": "my key/ä", "value": 'said "so" \\ there'}],
        "resources": [{"uri": "https://a.example/1", "url": "https://a.example/1.csv", "own": [1]}],
    }

    found = package_of(described_by(package, "https://a.example/d"))

    assert (found["version"], found["scheming"], found["license_id"]) == (
        "2",
        {"deep": ["ü", 1]},
        "house-licence",
    )
    assert extras(found)["my key/ä"] == 'said "so" \\ there'
    assert found["resources"][0]["own"] == [1]


def test_extras_are_those_of_ckans_extension_for_dcat():
    found = package_of(TREES)

    assert {
        key: value
        for key, value in extras(found).items()
        if key in {"identifier", "publisher_name", "contact_email", "temporal_start", "theme", "frequency"}
    } == {
        "identifier": "hamm-trees",
        "publisher_name": "Stadt Hamm",
        "contact_email": "gruen@hamm.example",
        "temporal_start": "2020-01-01",
        "theme": '["http://publications.europa.eu/resource/authority/data-theme/ENVI"]',
        "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
    }
    assert (found["organization"]["name"], [each["name"] for each in found["groups"]]) == (
        "stadt-hamm",
        ["envi"],
    )
    assert (found["license_id"], found["resources"][0]["format"]) == ("DL-DE-BY-2.0", "CSV")


def test_of_two_keys_that_say_the_same_the_changed_one_counts():
    shown = package_of(TREES)
    coarse = {**shown, "title": "Straßenbäume", "groups": [{"name": "tran"}]}
    fine = {**shown, "title_translated": {"de": "Straßenbäume"}, "tags_translated": {"it": ["viali"]}}

    by_coarse = described_by(coarse, TREES.iri, before=shown)
    by_fine = described_by(fine, TREES.iri, before=shown)

    assert by_coarse.titles == {"de": "Straßenbäume", "it": "Alberi"}
    assert by_coarse.themes == (f"{vocabulary.AUTHORITY}/data-theme/TRAN",)
    assert (by_fine.titles, by_fine.keywords) == ({"de": "Straßenbäume"}, {"it": ("viali",)})


@pytest.mark.parametrize(
    ("package", "field"),
    [
        ({"title": ["a"]}, "title"),
        ({"extras": {"a": 1}}, "extras"),
        ({"extras": [{"value": "x"}]}, "extras"),
        ({"tags": ["a"]}, "tags"),
        ({"tags": [{"name": ""}]}, "tags"),
        ({"groups": "envi"}, "groups"),
        ({"title_translated": {"de": 1}}, "title_translated"),
        ({"tags_translated": {"de": "a"}}, "tags_translated"),
        ({"notes": "a\x00b"}, "notes"),
        ({"notes": "a" * 200_001}, "notes"),
        ({"extras": [{"key": "tandem_contacts", "value": '[{"name": 1}]'}]}, "extras"),
        ({"extras": [{"key": "tandem_bounds", "value": "{"}]}, "extras"),
        ({"extras": [{"key": "tandem_publisher", "value": '{"nonsense": 1}'}]}, "extras"),
    ],
)
def test_wrong_values_are_named(package: dict[str, Any], field: str):
    with pytest.raises(BadPackage) as caught:
        described_by(package, "https://a.example/d")

    assert list(caught.value.fields) == [field]


def test_every_licence_is_found_by_its_id():
    assert [each.code for each in vocabulary.LICENCES.known if licence_of(licence_id(each)) is not each] == []
