"""Make up a DCAT catalogue of any length, as real portals write them: about 70 statements a dataset.

Usage: python benchmarks/make_catalogue.py DATASETS FILE   (FILE ends with .ttl or .rdf)
"""

import sys
from collections.abc import Iterator
from pathlib import Path

WORDS = (
    "Straßenbäume",
    "Haushalt",
    "Spielplätze",
    "Wahlkreise",
    "Luftgüte",
    "Radzählung",
    "Parkhäuser",
    "Kitas",
)
FORMATS = (("CSV", "text/csv"), ("JSON", "application/json"), ("GEOJSON", "application/geo+json"))
THEMES = ("ENVI", "ECON", "TRAN", "REGI", "SOCI")
AUTHORITY = "http://publications.europa.eu/resource/authority"
BASE = "https://data.example"
PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "dcatap": "http://data.europa.eu/r5r/",
    "adms": "http://www.w3.org/ns/adms#",
    "ex": "https://data.example/terms#",
}
XSD_DATE = "http://www.w3.org/2001/XMLSchema#date"
Value = (
    str | tuple[str, str] | list[tuple[str, "Value"]]
)  # IRI, (text, language or ^datatype), a part of its own
Properties = list[tuple[str, Value]]


def dataset(number: int) -> tuple[str, Properties]:
    """Return a dataset's IRI and its statements, its three files and its contact within."""
    word, theme = WORDS[number % len(WORDS)], THEMES[number % len(THEMES)]
    node = f"{BASE}/dataset/{number}"
    about = f"{word}, Blatt {number}. " + "Erhoben vom Fachamt, geprüft, jährlich fortgeschrieben. " * 6
    properties: Properties = [
        ("dct:title", (f"{word} {number}", "de")),
        ("dct:title", (f"{word} no. {number}", "en")),
        ("dct:description", (about, "de")),
        ("dct:description", (f"Sheet {number}.", "en")),
        ("dct:identifier", (f"id-{number}", "")),
        ("dct:issued", ("2020-01-01", f"^{XSD_DATE}")),
        ("dct:modified", (f"2024-0{number % 9 + 1}-11", f"^{XSD_DATE}")),
        ("dcat:landingPage", f"{BASE}/page/{number}"),
        ("dct:accrualPeriodicity", f"{AUTHORITY}/frequency/ANNUAL"),
        ("dct:accessRights", f"{AUTHORITY}/access-right/PUBLIC"),
        ("dcat:theme", f"{AUTHORITY}/data-theme/{theme}"),
        ("dct:language", f"{AUTHORITY}/language/DEU"),
        ("dct:spatial", "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/05915000"),
        ("dct:publisher", f"{BASE}/agent/{number % 40}"),
        ("dct:provenance", ("Aus dem Fachverfahren.", "de")),
        ("adms:versionNotes", ("Neu gezählt.", "de")),
        ("ex:sheet", (str(number), "")),
        (
            "dct:temporal",
            [
                ("rdf:type", f"{PREFIXES['dct']}PeriodOfTime"),
                ("dcat:startDate", ("2020-01-01", f"^{XSD_DATE}")),
                ("dcat:endDate", ("2024-12-31", f"^{XSD_DATE}")),
            ],
        ),
        (
            "dcat:contactPoint",
            [
                ("rdf:type", f"{PREFIXES['vcard']}Organization"),
                ("vcard:fn", (f"Amt {number % 40}", "")),
                ("vcard:hasEmail", f"mailto:amt{number % 40}@data.example"),
            ],
        ),
    ]
    properties += [
        ("dcat:keyword", (each, "de")) for each in (word.lower(), "stadt", f"blatt {number % 500}")
    ]
    properties += [("dcat:distribution", f"{node}/{code}") for code, _media in FORMATS]
    return node, properties


def distributions(number: int) -> Iterator[tuple[str, Properties]]:
    """Yield the IRI and the statements of each file of a dataset."""
    node = f"{BASE}/dataset/{number}"
    for code, media_type in FORMATS:
        yield (
            f"{node}/{code}",
            [
                ("dct:title", (f"Blatt {number} als {code}", "de")),
                ("dct:description", (f"Alle Zeilen von Blatt {number}.", "de")),
                ("dcat:accessURL", f"{BASE}/file/{number}.{code.lower()}"),
                ("dcat:downloadURL", f"{BASE}/file/{number}.{code.lower()}"),
                ("dct:format", f"{AUTHORITY}/file-type/{code}"),
                ("dcat:mediaType", f"https://www.iana.org/assignments/media-types/{media_type}"),
                ("dct:license", "http://dcat-ap.de/def/licenses/dl-by-de/2.0"),
                ("dcatap:availability", f"{AUTHORITY}/planned-availability/STABLE"),
                ("dct:modified", (f"2024-0{number % 9 + 1}-11", f"^{XSD_DATE}")),
                ("dcat:byteSize", (str(1_000 + number), "")),
            ],
        )


def subjects(numbers: range) -> Iterator[tuple[str, str, Properties]]:
    """Yield class, IRI and statements of everything in a document."""
    for number in numbers:
        yield "dcat:Dataset", *dataset(number)
        for each in distributions(number):
            yield "dcat:Distribution", *each
    for number in range(40):
        yield "foaf:Agent", f"{BASE}/agent/{number}", [("foaf:name", (f"Fachamt {number}", "de"))]


def _turtle(value: Value) -> str:
    if isinstance(value, str):
        return f"<{value}>"
    if isinstance(value, list):
        return "[ " + " ; ".join(f"{name} {_turtle(inner)}" for name, inner in value) + " ]"
    text, kind = value
    return f'"{text}"' + (f"^^<{kind[1:]}>" if kind.startswith("^") else f"@{kind}" if kind else "")


def turtle(numbers: range, *, next_page: str = "") -> Iterator[str]:
    """Yield a Turtle document, line by line."""
    yield from (f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    if next_page:
        yield f"<> <http://www.w3.org/ns/hydra/core#next> <{next_page}> .\n"
    yield f'<{BASE}/catalogue> a dcat:Catalog ; dct:title "Katalog"@de'
    yield from (f" ; dcat:dataset <{BASE}/dataset/{number}>" for number in numbers)
    yield " .\n"
    for kind, node, properties in subjects(numbers):
        lines = " ;\n  ".join(f"{name} {_turtle(value)}" for name, value in properties)
        yield f"<{node}> a {kind} ;\n  {lines} .\n"


def _xml(name: str, value: Value) -> str:
    if isinstance(value, str):
        return f'<{name} rdf:resource="{value}"/>'
    if isinstance(value, list):
        inner = "".join(_xml(each, content) for each, content in value)
        return f"<{name}><rdf:Description>{inner}</rdf:Description></{name}>"
    text, kind = value
    attribute = (
        f' rdf:datatype="{kind[1:]}"' if kind.startswith("^") else f' xml:lang="{kind}"' if kind else ""
    )
    return f"<{name}{attribute}>{text}</{name}>"


def rdf_xml(numbers: range) -> Iterator[str]:
    """Yield an RDF/XML document, line by line."""
    spaces = " ".join(f'xmlns:{name}="{iri}"' for name, iri in PREFIXES.items())
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF {spaces}>\n<dcat:Catalog rdf:about="{BASE}/catalogue">'
    yield from (f'<dcat:dataset rdf:resource="{BASE}/dataset/{number}"/>' for number in numbers)
    yield "</dcat:Catalog>\n"
    for kind, node, properties in subjects(numbers):
        inner = "\n  ".join(_xml(name, value) for name, value in properties)
        yield f'<{kind} rdf:about="{node}">\n  {inner}\n</{kind}>\n'
    yield "</rdf:RDF>\n"


def write(datasets: int, path: Path) -> None:
    """Write a catalogue of that many datasets to a file."""
    make = rdf_xml if path.suffix == ".rdf" else turtle
    with path.open("w", encoding="utf-8") as sink:
        sink.writelines(make(range(datasets)))


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
