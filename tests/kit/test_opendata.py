"""Tables that a room offers as open data."""

from tandem.kit.opendata import csv_table


def test_a_table_is_as_rfc_4180_wants_it():
    table = csv_table(("on", "note"), [("2026-03-02", 'said "so", and left'), ("2026-03-03", "Straße")])

    assert table == 'on,note\r\n2026-03-02,"said ""so"", and left"\r\n2026-03-03,Straße\r\n'.encode()
