"""Rows of the longer vocabularies, ``CODE | de | it | en`` a line: places, types, roles.

Source: Publications Office of the European Union, authority tables; Eurostat, NUTS; INSPIRE, code lists.
Small editions: what a German or Italian city needs to choose from.
"""

COUNTRIES = """
AUT | Österreich | Austria | Austria
BEL | Belgien | Belgio | Belgium
BGR | Bulgarien | Bulgaria | Bulgaria
CHE | Schweiz | Svizzera | Switzerland
CYP | Zypern | Cipro | Cyprus
CZE | Tschechien | Cechia | Czechia
DEU | Deutschland | Germania | Germany
DNK | Dänemark | Danimarca | Denmark
ESP | Spanien | Spagna | Spain
EST | Estland | Estonia | Estonia
FIN | Finnland | Finlandia | Finland
FRA | Frankreich | Francia | France
GRC | Griechenland | Grecia | Greece
HRV | Kroatien | Croazia | Croatia
HUN | Ungarn | Ungheria | Hungary
IRL | Irland | Irlanda | Ireland
ITA | Italien | Italia | Italy
LTU | Litauen | Lituania | Lithuania
LUX | Luxemburg | Lussemburgo | Luxembourg
LVA | Lettland | Lettonia | Latvia
MLT | Malta | Malta | Malta
NLD | Niederlande | Paesi Bassi | Netherlands
POL | Polen | Polonia | Poland
PRT | Portugal | Portogallo | Portugal
ROU | Rumänien | Romania | Romania
SVK | Slowakei | Slovacchia | Slovakia
SVN | Slowenien | Slovenia | Slovenia
SWE | Schweden | Svezia | Sweden
UKR | Ukraine | Ucraina | Ukraine
"""
REGIONS = """
DE1 | Baden-Württemberg | Baden-Württemberg | Baden-Württemberg
DE2 | Bayern | Baviera | Bavaria
DE3 | Berlin (Land) | Berlino (Land) | Berlin (state)
DE4 | Brandenburg | Brandeburgo | Brandenburg
DE5 | Bremen (Land) | Brema (Land) | Bremen (state)
DE6 | Hamburg (Land) | Amburgo (Land) | Hamburg (state)
DE7 | Hessen | Assia | Hesse
DE8 | Mecklenburg-Vorpommern | Meclemburgo-Pomerania Anteriore | Mecklenburg-Western Pomerania
DE9 | Niedersachsen | Bassa Sassonia | Lower Saxony
DEA | Nordrhein-Westfalen | Renania Settentrionale-Vestfalia | North Rhine-Westphalia
DEB | Rheinland-Pfalz | Renania-Palatinato | Rhineland-Palatinate
DEC | Saarland | Saarland | Saarland
DED | Sachsen | Sassonia | Saxony
DEE | Sachsen-Anhalt | Sassonia-Anhalt | Saxony-Anhalt
DEF | Schleswig-Holstein | Schleswig-Holstein | Schleswig-Holstein
DEG | Thüringen | Turingia | Thuringia
DEA54 | Hamm, kreisfreie Stadt | Hamm, città extracircondariale | Hamm, urban district
ITC1 | Piemont | Piemonte | Piedmont
ITC2 | Aostatal | Valle d’Aosta | Aosta Valley
ITC3 | Ligurien | Liguria | Liguria
ITC4 | Lombardei | Lombardia | Lombardy
ITF1 | Abruzzen | Abruzzo | Abruzzo
ITF2 | Molise | Molise | Molise
ITF3 | Kampanien | Campania | Campania
ITF4 | Apulien | Puglia | Apulia
ITF5 | Basilikata | Basilicata | Basilicata
ITF6 | Kalabrien | Calabria | Calabria
ITG1 | Sizilien | Sicilia | Sicily
ITG2 | Sardinien | Sardegna | Sardinia
ITH1 | Südtirol | Provincia autonoma di Bolzano | South Tyrol
ITH2 | Trentino | Provincia autonoma di Trento | Trentino
ITH3 | Venetien | Veneto | Veneto
ITH4 | Friaul-Julisch Venetien | Friuli Venezia Giulia | Friuli Venezia Giulia
ITH5 | Emilia-Romagna | Emilia-Romagna | Emilia-Romagna
ITI1 | Toskana | Toscana | Tuscany
ITI2 | Umbrien | Umbria | Umbria
ITI3 | Marken | Marche | Marche
ITI4 | Latium | Lazio | Lazio
ITI18 | Provinz Arezzo | Provincia di Arezzo | Province of Arezzo
"""
PLACES = """
DEU_AAH | Aachen | Aquisgrana | Aachen
DEU_AGB | Augsburg | Augusta | Augsburg
DEU_ARN | Arnsberg | Arnsberg | Arnsberg
DEU_BER | Berlin | Berlino | Berlin
DEU_BFE | Bielefeld | Bielefeld | Bielefeld
DEU_BOM | Bochum | Bochum | Bochum
DEU_BON | Bonn | Bonn | Bonn
DEU_BRE | Bremen | Brema | Bremen
DEU_CGN | Köln | Colonia | Cologne
DEU_CHE | Chemnitz | Chemnitz | Chemnitz
DEU_DRS | Dresden | Dresda | Dresden
DEU_DTM | Dortmund | Dortmund | Dortmund
DEU_DUI | Duisburg | Duisburg | Duisburg
DEU_DUS | Düsseldorf | Düsseldorf | Düsseldorf
DEU_ERF | Erfurt | Erfurt | Erfurt
DEU_ESS | Essen | Essen | Essen
DEU_FRA | Frankfurt am Main | Francoforte sul Meno | Frankfurt am Main
DEU_GTO | Gütersloh | Gütersloh | Gütersloh
DEU_HAG | Hagen | Hagen | Hagen
DEU_HAJ | Hannover | Hannover | Hanover
DEU_HAM | Hamburg | Amburgo | Hamburg
DEU_HEI | Heidelberg | Heidelberg | Heidelberg
DEU_HMM | Hamm | Hamm | Hamm
DEU_ING | Ingolstadt | Ingolstadt | Ingolstadt
DEU_KAE | Karlsruhe | Karlsruhe | Karlsruhe
DEU_KAS | Kassel | Kassel | Kassel
DEU_KEL | Kiel | Kiel | Kiel
DEU_KRE | Krefeld | Krefeld | Krefeld
DEU_LBC | Lübeck | Lubecca | Lübeck
DEU_LEJ | Leipzig | Lipsia | Leipzig
DEU_MAG | Magdeburg | Magdeburgo | Magdeburg
DEU_MAI | Mainz | Magonza | Mainz
DEU_MHG | Mannheim | Mannheim | Mannheim
DEU_MSR | Münster | Münster | Münster
DEU_MUC | München | Monaco di Baviera | Munich
DEU_NUE | Nürnberg | Norimberga | Nuremberg
DEU_OBE | Oberhausen | Oberhausen | Oberhausen
DEU_PAD | Paderborn | Paderborn | Paderborn
DEU_POT | Potsdam | Potsdam | Potsdam
DEU_REG | Regensburg | Ratisbona | Regensburg
DEU_RSK | Rostock | Rostock | Rostock
DEU_SCN | Saarbrücken | Saarbrücken | Saarbrücken
DEU_SOE | Soest | Soest | Soest
DEU_STR | Stuttgart | Stoccarda | Stuttgart
DEU_SWR | Schwerin | Schwerin | Schwerin
DEU_ULM | Ulm | Ulm | Ulm
DEU_UNN | Unna | Unna | Unna
DEU_WIB | Wiesbaden | Wiesbaden | Wiesbaden
DEU_WUP | Wuppertal | Wuppertal | Wuppertal
ITA_AOI | Ancona | Ancona | Ancona
ITA_AOT | Aosta | Aosta | Aosta
ITA_BGO | Bergamo | Bergamo | Bergamo
ITA_BLQ | Bologna | Bologna | Bologna
ITA_BRI | Bari | Bari | Bari
ITA_BZO | Bozen | Bolzano | Bolzano
ITA_CTA | Catania | Catania | Catania
ITA_FLR | Florenz | Firenze | Florence
ITA_FRR | Ferrara | Ferrara | Ferrara
ITA_GOA | Genua | Genova | Genoa
ITA_LIV | Livorno | Livorno | Leghorn
ITA_MIL | Mailand | Milano | Milan
ITA_MOD | Modena | Modena | Modena
ITA_MSN | Messina | Messina | Messina
ITA_NAP | Neapel | Napoli | Naples
ITA_PDA | Padua | Padova | Padua
ITA_PMF | Parma | Parma | Parma
ITA_PMO | Palermo | Palermo | Palermo
ITA_RAN | Ravenna | Ravenna | Ravenna
ITA_RMI | Rimini | Rimini | Rimini
ITA_ROM | Rom | Roma | Rome
ITA_SAL | Salerno | Salerno | Salerno
ITA_SNA | Siena | Siena | Siena
ITA_TRN | Turin | Torino | Turin
ITA_TRS | Triest | Trieste | Trieste
ITA_TRT | Trient | Trento | Trento
ITA_VCE | Venedig | Venezia | Venice
ITA_VRN | Verona | Verona | Verona
"""
DATASET_TYPES = """
CODE_LIST | Codeliste | elenco di codici | code list
GEOSPATIAL | Geodaten | dati geospaziali | geospatial data
GLOSSARY | Glossar | glossario | glossary
MAPPING | Zuordnung | corrispondenze | mapping
ONTOLOGY | Ontologie | ontologia | ontology
RELEASE | Veröffentlichungsstand | rilascio | release
SCHEMA | Schema | schema | schema
STATISTICAL | Statistik | dati statistici | statistical data
SYNTHETIC_DATA | künstliche Daten | dati sintetici | synthetic data
TAXONOMY | Taxonomie | tassonomia | taxonomy
TEST_DATA | Testdaten | dati di prova | test data
THESAURUS | Thesaurus | tesauro | thesaurus
"""
STATUSES = """
COMPLETED | fertig | completato | completed
DEVELOP | in Entwicklung | in fase di sviluppo | under development
DEPRECATED | veraltet | obsoleto | deprecated
WITHDRAWN | zurückgezogen | ritirato | withdrawn
"""
CORPORATE_BODIES = """
COM | Europäische Kommission | Commissione europea | European Commission
EP | Europäisches Parlament | Parlamento europeo | European Parliament
CONSIL | Rat der Europäischen Union | Consiglio dell’Unione europea | Council of the European Union
ESTAT | Eurostat | Eurostat | Eurostat
JRC | Gemeinsame Forschungsstelle | Centro comune di ricerca | Joint Research Centre
EEA | Europäische Umweltagentur | Agenzia europea dell’ambiente | European Environment Agency
PUBL | Amt für Veröffentlichungen | Ufficio delle pubblicazioni | Publications Office
"""
AGENT_KINDS = """
LocalAuthority | Kommune | ente locale | local authority
RegionalAuthority | Land oder Region | ente regionale | regional authority
NationalAuthority | Staat | autorità nazionale | national authority
SupraNationalAuthority | überstaatliche Stelle | autorità sovranazionale | supranational authority
Academia-ScientificOrganisation | Hochschule, Forschung | università, ricerca | academia, science
Company | Unternehmen | impresa | company
IndustryConsortium | Verband von Unternehmen | consorzio di imprese | industry consortium
NonGovernmentalOrganisation | Nichtregierungsorganisation | organizzazione non governativa | NGO
NonProfitOrganisation | gemeinnützige Organisation | organizzazione senza scopo di lucro | non-profit organisation
PrivateIndividual(s) | Privatperson | privato | private individual
StandardisationBody | Normungsorganisation | ente di normazione | standardisation body
"""
ROLES = """
author | verfasst | autore | author
custodian | pflegt | custode | custodian
distributor | verteilt | distributore | distributor
originator | erzeugt | creatore | originator
owner | Eigentümer | proprietario | owner
principalInvestigator | leitet die Erhebung | ricercatore principale | principal investigator
processor | verarbeitet | responsabile dell’elaborazione | processor
resourceProvider | stellt bereit | fornitore della risorsa | resource provider
user | nutzt | utente | user
"""
