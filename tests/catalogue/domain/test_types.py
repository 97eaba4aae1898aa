"""Types of columns: what a column is that is not quite one."""

import pytest

from tandem.catalogue.domain import types


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["12,5", "3,1", "ca. 4", "7,0", "n/a", "8,25", "über 9"], ("decimal", 4, 6, ("ca. 4", "über 9"))),
        (["01.02.2024", "03.02.2024", "Ostern"], ("date", 2, 3, ("Ostern",))),
        (["12,5", "3,1"], None),
        (["Linde", "Eiche", "12"], None),
        (["ja", "nein", "vielleicht"], None),
        ([], None),
    ],
)
def test_text_column_that_is_mostly_something_else_is_told(cells, wanted):
    found = types.mixed("Höhe", cells)

    assert (found and (found.kind, found.fit, found.cells, found.others)) == wanted


@pytest.mark.parametrize(
    ("name", "cells", "kind", "unit"),
    [
        ("Betrag", ["1.234,56", "12,00", "1.000.000,5"], "decimal", ""),
        ("Betrag", ["1'234.56", "12.00", "1’000.50"], "decimal", ""),
        ("Betrag", ["1 234,56", "12,00", "12 000,5"], "decimal", ""),
        ("Betrag", ["1.234,56 €", "12 EUR", "3,5 Euro"], "decimal", "€"),
        ("Betrag", ["CHF 1'234.50", "CHF 12.00", "CHF 3.50"], "decimal", "CHF"),
        ("Anteil", ["12,5 %", "3 %", "100 %"], "decimal", "%"),
        ("Fläche", ["12 ha", "3 m²", "5 ha", "7 m²"], "text", ""),
        ("Tag", ["01.02.2024", "3.4.2024", "31.12.1999"], "date", ""),
        ("Data", ["01/02/2024", "31/12/1999", "03/04/2024"], "date", ""),
        ("Date", ["01/31/2024", "12/24/1999", "03/04/2024"], "date", ""),
        ("Zeit", ["08:30", "17:45:10", "0:05"], "time", ""),
        ("Zeit", ["08:30 Uhr", "17:45 Uhr"], "time", ""),
        ("Zeitpunkt", ["01.02.2024 08:30", "02.02.2024 17:45"], "datetime", ""),
        ("barrierefrei", ["ja", "nein", "k.A.", "ja"], "boolean", ""),
        ("accessibile", ["sì", "no", "n.d.", "si"], "boolean", ""),
        ("Zahl", ["12", "k.A.", "-", ".", "7", "n.d."], "integer", ""),
        ("Nummer", ["12345678901234567890", "22345678901234567890"], "text", ""),
        ("Nummer", ["123456789012345678", "1"], "integer", ""),
        ("Schlüssel", ["1234", "5678"], "text", ""),
        ("PLZ", ["59065", "44135"], "text", ""),
        ("CAP", ["52100", "50121"], "text", ""),
        ("Codice ISTAT", ["51002", "48017"], "text", ""),
        ("AGS", ["15915000", "15913000"], "text", ""),
        ("Ort", ["09157", "44135"], "text", ""),
        ("IBAN", ["DE02120300000000202051"], "text", ""),
        ("Rufnummer", ["02381 170", "2381171"], "text", ""),
    ],
)
def test_columns_of_municipal_tables(name: str, cells: list[str], kind: str, unit: str):
    found = types.detect_type(name, cells)

    assert (found.kind, found.unit) == (kind, unit)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Höhe (m)", "m"),
        ("Betrag in EUR", "€"),
        ("Anteil [%]", "%"),
        ("Fläche, km²", "km²"),
        ("Linie M", ""),
        ("Art", ""),
    ],
)
def test_a_header_can_name_the_unit(name: str, unit: str):
    assert types.unit_in(name) == unit
