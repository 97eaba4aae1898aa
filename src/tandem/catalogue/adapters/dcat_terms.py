"""Which property of DCAT-AP carries which field of a description. Reading and writing share these tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from tandem.catalogue.adapters.rdf import name

Names = Mapping[str, ox.NamedNode]

A = name("rdf:type")
TITLE, DESCRIPTION = name("dct:title"), name("dct:description")
DISTRIBUTION, PUBLISHER, CONTACT = name("dcat:distribution"), name("dct:publisher"), name("dcat:contactPoint")
SPATIAL, TEMPORAL = name("dct:spatial"), name("dct:temporal")
OLD_START, OLD_END = name("schema:startDate"), name("schema:endDate")
LABELS = (name("rdfs:label"), name("skos:prefLabel"), name("rdf:value"), TITLE)
START, END, BBOX = name("dcat:startDate"), name("dcat:endDate"), name("dcat:bbox")
CHECKSUM, CHECKSUM_VALUE = name("spdx:checksum"), name("spdx:checksumValue")
CHECKSUM_ALGORITHM, SHA256 = name("spdx:algorithm"), name("spdx:checksumAlgorithm_sha256")
BYTE_SIZE, LICENCE = name("dcat:byteSize"), name("dct:license")
KEYWORD, IDENTIFIER = name("dcat:keyword"), name("dct:identifier")
PROVENANCE, LABEL = name("dct:provenance"), name("rdfs:label")
ATTRIBUTION, ATTRIBUTED, ROLE = name("prov:qualifiedAttribution"), name("prov:agent"), name("dcat:hadRole")
RELATION, RELATED = name("dcat:qualifiedRelation"), name("dct:relation")
OTHER_IDENTIFIER, NOTATION = name("adms:identifier"), name("skos:notation")

# former and mistaken names, and what DCAT-AP 3 and DCAT-AP.de 3.0 call the same
SUCCESSORS = {
    name("dcatde:originator"): name("geodcatap:originator"),
    name("dcatde:maintainer"): name("geodcatap:custodian"),
    name("dcatde:plannedAvailability"): name("dcatap:availability"),
    name("dcatde:politicalGeocodingURI"): SPATIAL,
    name("owl:versionInfo"): name("dcat:version"),
    name("dct:hasVersion"): name("dcat:hasVersion"),
    name("dct:isVersionOf"): name("dcat:isVersionOf"),
}


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of one class: field → property, by the kind of value.

    Attributes:
        classes: Prefixed names of the class, ours first; the others are its doubles and are not kept apart.
        texts: One text per language.
        words: Several texts per language.
        iris: Several IRIs.
        iri: One IRI.
        dates: A date, a year, a month or a date-time.
        literals: Several plain texts.
        literal: One plain text.
        decimals: A number, as XSD writes decimals.
        durations: As XSD writes durations.
        agents: Several agents.
        agent: One agent.
    """

    classes: tuple[str, ...]
    texts: Names = field(default_factory=dict)
    words: Names = field(default_factory=dict)
    iris: Names = field(default_factory=dict)
    iri: Names = field(default_factory=dict)
    dates: Names = field(default_factory=dict)
    literals: Names = field(default_factory=dict)
    literal: Names = field(default_factory=dict)
    decimals: Names = field(default_factory=dict)
    durations: Names = field(default_factory=dict)
    agents: Names = field(default_factory=dict)
    agent: Names = field(default_factory=dict)


_TEXTS = {"titles": TITLE, "descriptions": DESCRIPTION}
DATES = {"issued": name("dct:issued"), "modified": name("dct:modified")}
_LAW = {
    "legislation": name("dcatap:applicableLegislation"),
    "hvd_categories": name("dcatap:hvdCategory"),
    "contributor_ids": name("dcatde:contributorID"),
}
_RESOLUTION = name("dcat:spatialResolutionInMeters")
_SHORTEST = name("dcat:temporalResolution")

DATASET = Properties(
    classes=("dcat:Dataset", "dcatapit:Dataset"),
    texts={
        **_TEXTS,
        "version_notes": name("adms:versionNotes"),
        "geocoding_descriptions": name("dcatde:geocodingDescription"),
        "legal_bases": name("dcatde:legalBasis"),
    },
    words={"keywords": KEYWORD},
    iris={
        **_LAW,
        "themes": name("dcat:theme"),
        "languages": name("dct:language"),
        "pages": name("foaf:page"),
        "versions": name("dcat:hasVersion"),
        "version_of": name("dcat:isVersionOf"),
        "in_series": name("dcat:inSeries"),
        "kinds": name("dct:type"),
        "conforms_to": name("dct:conformsTo"),
        "generated_by": name("prov:wasGeneratedBy"),
        "sources": name("dct:source"),
        "related": RELATED,
        "references": name("dct:references"),
        "referenced_by": name("dct:isReferencedBy"),
        "samples": name("adms:sample"),
    },
    iri={
        "landing_page": name("dcat:landingPage"),
        "frequency": name("dct:accrualPeriodicity"),
        "access_rights": name("dct:accessRights"),
        "geocoding_level": name("dcatde:politicalGeocodingLevelURI"),
        "availability": name("dcatap:availability"),
        "quality_process": name("dcatde:qualityProcessURI"),
        "previous_version": name("dcat:previousVersion"),
    },
    dates=DATES,
    literals={"identifiers": IDENTIFIER},
    literal={"version": name("dcat:version")},
    decimals={"spatial_resolution": _RESOLUTION},
    durations={"temporal_resolution": _SHORTEST},
    agents={
        "creators": name("dct:creator"),
        "contributors": name("dct:contributor"),
        "originators": name("geodcatap:originator"),
        "custodians": name("geodcatap:custodian"),
    },
    agent={"publisher": PUBLISHER, "rights_holder": name("dct:rightsHolder")},
)
DISTRIBUTION_PROPERTIES = Properties(
    classes=("dcat:Distribution", "dcatapit:Distribution"),
    texts=_TEXTS,
    iris={
        "languages": name("dct:language"),
        "legislation": _LAW["legislation"],
        "services": name("dcat:accessService"),
        "conforms_to": name("dct:conformsTo"),
        "pages": name("foaf:page"),
    },
    iri={
        "access_url": name("dcat:accessURL"),
        "download_url": name("dcat:downloadURL"),
        "format": name("dct:format"),
        "media_type": name("dcat:mediaType"),
        "compress_format": name("dcat:compressFormat"),
        "package_format": name("dcat:packageFormat"),
        "licence": LICENCE,
        "availability": name("dcatap:availability"),
        "status": name("adms:status"),
        "rights": name("dct:rights"),
        "policy": name("odrl:hasPolicy"),
    },
    dates=DATES,
    literal={"attribution": name("dcatde:licenseAttributionByText")},
    decimals={"spatial_resolution": _RESOLUTION},
    durations={"temporal_resolution": _SHORTEST},
)
SERVICE = Properties(
    classes=("dcat:DataService", "dcatapit:DataService"),
    texts=_TEXTS,
    words={"keywords": KEYWORD},
    iris={
        **_LAW,
        "themes": name("dcat:theme"),
        "endpoint_urls": name("dcat:endpointURL"),
        "endpoint_descriptions": name("dcat:endpointDescription"),
        "serves": name("dcat:servesDataset"),
        "formats": name("dct:format"),
        "languages": name("dct:language"),
        "conforms_to": name("dct:conformsTo"),
        "pages": name("foaf:page"),
    },
    iri={
        "landing_page": name("dcat:landingPage"),
        "licence": LICENCE,
        "rights": name("dct:rights"),
        "access_rights": name("dct:accessRights"),
        "availability": name("dcatap:availability"),
    },
    dates=DATES,
    literals={"identifiers": IDENTIFIER},
    literal={"attribution": name("dcatde:licenseAttributionByText")},
    agents={"creators": name("dct:creator")},
    agent={"publisher": PUBLISHER, "rights_holder": name("dct:rightsHolder")},
)
SERIES = Properties(
    classes=("dcat:DatasetSeries", "dcatapit:DatasetSeries"),
    texts=_TEXTS,
    words={"keywords": KEYWORD},
    iris={**_LAW, "themes": name("dcat:theme"), "languages": name("dct:language")},
    iri={"landing_page": name("dcat:landingPage"), "frequency": name("dct:accrualPeriodicity")},
    dates=DATES,
    literals={"identifiers": IDENTIFIER},
    agent={"publisher": PUBLISHER},
)
CATALOGUE = Properties(
    classes=("dcat:Catalog", "dcatapit:Catalog"),
    texts=_TEXTS,
    iris={
        "languages": name("dct:language"),
        "spatial": SPATIAL,
        "legislation": _LAW["legislation"],
        "catalogues": name("dcat:catalog"),
    },
    iri={"homepage": name("foaf:homepage"), "licence": LICENCE, "rights": name("dct:rights")},
    dates=DATES,
    agent={"publisher": PUBLISHER, "creator": name("dct:creator")},
)

AGENT = Properties(
    classes=("foaf:Agent", "dcatapit:Agent"),
    texts={"names": name("foaf:name")},
    iri={"kind": name("dct:type"), "homepage": name("foaf:homepage"), "mail": name("foaf:mbox")},
    literal={"identifier": IDENTIFIER},
)
CONTACT_PROPERTIES = Properties(
    classes=("vcard:Kind", "dcatapit:Organization"),
    iri={
        "mail": name("vcard:hasEmail"),
        "url": name("vcard:hasURL"),
        "phone": name("vcard:hasTelephone"),
    },
    literal={
        "name": name("vcard:fn"),
        "organisation": name("vcard:organization-name"),
        "unit": name("vcard:organization-unit"),
        "role": name("vcard:role"),
    },
)
VCARD_KINDS = tuple(name(f"vcard:{kind}") for kind in ("Organization", "Individual", "Group", "Location"))
VCARD_ADDRESS, VCARD_ADDRESS_CLASS = name("vcard:hasAddress"), name("vcard:Address")
ADDRESS = {
    "street": name("vcard:street-address"),
    "postal_code": name("vcard:postal-code"),
    "locality": name("vcard:locality"),
    "region": name("vcard:region"),
    "country": name("vcard:country-name"),
}
SCHEMES = {"mail": "mailto:", "phone": "tel:"}  # what an address of theirs begins with

# classes that the shapes ask the object of a property to have
OBJECT_CLASSES = {
    LICENCE: name("dct:LicenseDocument"),
    name("dct:format"): name("dct:MediaTypeOrExtent"),
    name("dcat:mediaType"): name("dct:MediaType"),
    name("dcat:compressFormat"): name("dct:MediaType"),
    name("dcat:packageFormat"): name("dct:MediaType"),
    name("dct:accessRights"): name("dct:RightsStatement"),
    name("dct:rights"): name("dct:RightsStatement"),
    name("dct:accrualPeriodicity"): name("dct:Frequency"),
    name("dct:language"): name("dct:LinguisticSystem"),
    SPATIAL: name("dct:Location"),
    name("dct:conformsTo"): name("dct:Standard"),
    name("dct:type"): name("skos:Concept"),
    name("adms:status"): name("skos:Concept"),
    name("dcat:theme"): name("skos:Concept"),
    name("dcat:landingPage"): name("foaf:Document"),
    name("foaf:page"): name("foaf:Document"),
    name("foaf:homepage"): name("foaf:Document"),
    name("odrl:hasPolicy"): name("odrl:Policy"),
    name("prov:wasGeneratedBy"): name("prov:Activity"),
    ROLE: name("dcat:Role"),
    name("dcatap:applicableLegislation"): name("eli:LegalResource"),
    name("dcatap:hvdCategory"): name("skos:Concept"),
    name("dcatap:availability"): name("skos:Concept"),
    name("dcatde:politicalGeocodingLevelURI"): name("skos:Concept"),
}
ITALIAN_CLASSES = {
    name("dcat:Catalog"): name("dcatapit:Catalog"),
    name("dcat:Dataset"): name("dcatapit:Dataset"),
    name("dcat:Distribution"): name("dcatapit:Distribution"),
    name("dcat:DataService"): name("dcatapit:DataService"),
    name("dcat:DatasetSeries"): name("dcatapit:DatasetSeries"),
    name("foaf:Agent"): name("dcatapit:Agent"),
    name("vcard:Kind"): name("dcatapit:Organization"),
    name("dct:LicenseDocument"): name("dcatapit:LicenseDocument"),
    name("dct:Standard"): name("dcatapit:Standard"),
}
# what is a record or a term by itself, and no part of what names it
RECORDS = {
    name(each)
    for each in (
        "dcat:Catalog",
        "dcat:CatalogRecord",
        "dcat:Dataset",
        "dcat:DatasetSeries",
        "dcat:DataService",
        "dcat:Distribution",
        "foaf:Agent",
        "foaf:Organization",
        "vcard:Kind",
        "vcard:Organization",
        "skos:Concept",
        "skos:ConceptScheme",
    )
}
# what is written of things that are named, by the property that names them; it need not be kept
GIVEN_CLASSES = {*OBJECT_CLASSES.values(), *ITALIAN_CLASSES.values(), name("spdx:ChecksumAlgorithm")}
