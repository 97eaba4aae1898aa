"""Which property of DCAT-AP carries which field of a description. Reading and writing share these tables."""

from tandem.catalogue.adapters.rdf import name

A = name("rdf:type")
TITLE, DESCRIPTION = name("dct:title"), name("dct:description")
DISTRIBUTION, PUBLISHER, CONTACT = name("dcat:distribution"), name("dct:publisher"), name("dcat:contactPoint")
RIGHTS_HOLDER, SPATIAL, TEMPORAL = name("dct:rightsHolder"), name("dct:spatial"), name("dct:temporal")
OLD_START, OLD_END = name("schema:startDate"), name("schema:endDate")
LABELS = (name("rdfs:label"), name("skos:prefLabel"), name("rdf:value"), TITLE)
START, END, BBOX = name("dcat:startDate"), name("dcat:endDate"), name("dcat:bbox")
CHECKSUM, CHECKSUM_VALUE = name("spdx:checksum"), name("spdx:checksumValue")
CHECKSUM_ALGORITHM, SHA256 = name("spdx:algorithm"), name("spdx:checksumAlgorithm_sha256")
BYTE_SIZE, LICENCE = name("dcat:byteSize"), name("dct:license")

# field → property whose values are texts by language
TEXTS = {"titles": TITLE, "descriptions": DESCRIPTION}
KEYWORD = name("dcat:keyword")

# field → property whose values are IRIs (several, or one)
DATASET_IRIS = {
    "themes": name("dcat:theme"),
    "languages": name("dct:language"),
    "hvd_categories": name("dcatap:hvdCategory"),
    "legislation": name("dcatap:applicableLegislation"),
}
DATASET_IRI = {
    "landing_page": name("dcat:landingPage"),
    "frequency": name("dct:accrualPeriodicity"),
    "access_rights": name("dct:accessRights"),
    "geocoding_level": name("dcatde:politicalGeocodingLevelURI"),
    "availability": name("dcatap:availability"),
}
DATES = {"issued": name("dct:issued"), "modified": name("dct:modified")}
IDENTIFIER = name("dct:identifier")

DISTRIBUTION_IRIS = {"languages": name("dct:language"), "legislation": name("dcatap:applicableLegislation")}
DISTRIBUTION_IRI = {
    "access_url": name("dcat:accessURL"),
    "download_url": name("dcat:downloadURL"),
    "format": name("dct:format"),
    "media_type": name("dcat:mediaType"),
    "licence": name("dct:license"),
    "availability": name("dcatap:availability"),
    "rights": name("dct:rights"),
}
ATTRIBUTION = name("dcatde:licenseAttributionByText")

AGENT_NAME, AGENT_KIND = name("foaf:name"), name("dct:type")
HOMEPAGE, MAILBOX = name("foaf:homepage"), name("foaf:mbox")
VCARD_NAME, VCARD_MAIL = name("vcard:fn"), name("vcard:hasEmail")
VCARD_URL, VCARD_PHONE = name("vcard:hasURL"), name("vcard:hasTelephone")

# classes that the shapes ask the object of a property to have
OBJECT_CLASSES = {
    name("dct:license"): name("dct:LicenseDocument"),
    name("dct:format"): name("dct:MediaTypeOrExtent"),
    name("dcat:mediaType"): name("dct:MediaType"),
    name("dct:accessRights"): name("dct:RightsStatement"),
    name("dct:rights"): name("dct:RightsStatement"),
    name("dct:accrualPeriodicity"): name("dct:Frequency"),
    name("dct:language"): name("dct:LinguisticSystem"),
    name("dct:spatial"): name("dct:Location"),
    name("dcat:theme"): name("skos:Concept"),
    name("dcat:landingPage"): name("foaf:Document"),
    name("foaf:homepage"): name("foaf:Document"),
    name("dcatap:applicableLegislation"): name("eli:LegalResource"),
    name("dcatap:hvdCategory"): name("skos:Concept"),
    name("dcatap:availability"): name("skos:Concept"),
    name("dcatde:politicalGeocodingLevelURI"): name("skos:Concept"),
}
ITALIAN_CLASSES = {
    name("dcat:Catalog"): name("dcatapit:Catalog"),
    name("dcat:Dataset"): name("dcatapit:Dataset"),
    name("dcat:Distribution"): name("dcatapit:Distribution"),
    name("foaf:Agent"): name("dcatapit:Agent"),
    name("dct:LicenseDocument"): name("dcatapit:LicenseDocument"),
}
