"""Notes for moderators, and what is taken out of a text before it is given away."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.triage import (
    NoteCode,
    fingerprint,
    is_codice_fiscale,
    is_iban,
    redact,
    triage,
)


def found(text, **more):
    return [(note.code.value, text[note.start : note.end]) for note in triage(text, **more)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Schreibt an anna.meier+x@example.org.", [("email", "anna.meier+x@example.org")]),
        ("anna (at) example.co.uk", [("email", "anna (at) example.co.uk")]),
        ("Siehe https://example.org/a?b=c).", [("link", "https://example.org/a?b=c")]),
        ("www.example.it, grazie", [("link", "www.example.it")]),
        ("Tel. 02381 / 17-0, danke", [("phone", "02381 / 17-0")]),
        ("Tel.: +49 (0)2381 170 123.", [("phone", "+49 (0)2381 170 123")]),
        ("ruft 0049 2381 17-1234 an", [("phone", "0049 2381 17-1234")]),
        ("cell. 347 123 4567", [("phone", "347 123 4567")]),
        ("+39 0575 3770", [("phone", "+39 0575 3770")]),
        ("0575/377123", [("phone", "0575/377123")]),
        ("Konto DE89 3704 0044 0532 0130 00 bei der Bank", [("iban", "DE89 3704 0044 0532 0130 00")]),
        ("IT60X0542811101000000123456.", [("iban", "IT60X0542811101000000123456")]),
        ("CF rssmra85t10a562s", [("codice-fiscale", "rssmra85t10a562s")]),
        ("Ich wohne Marker Allee 7a, 59065 Hamm.", [("address", "Marker Allee 7a, 59065 Hamm")]),
        ("in der Heßlerstraße 12 – 14", [("address", "Heßlerstraße 12 – 14")]),
        (
            "Abito in via Guido Monaco 12/b, 52100 Arezzo",
            [("address", "via Guido Monaco 12/b, 52100 Arezzo")],
        ),
        ("Piazza della Libertà, n. 1", [("address", "Piazza della Libertà, n. 1")]),
    ],
)
def test_what_is_found(text, wanted):
    assert found(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Am 01.02.2024 um 14:30 Uhr, Vorlage 0123/24.",
        "Es kostet 0,50 € bis 3.500.000 Euro.",
        "Die Fläche hat 012 qm, PLZ 09117.",
        "Il 12/05/2026 alle 10.30, delibera 345 del 2026",
        "RSSMRA85T10A562T",
        "Die Bundesstraße ist laut, der Weg auch.",
        "2024-05-01 bis 2024-06-01",
        "In § 3 Abs. 2 BauGB steht das.",
        "Die Konten 1 2 3 4 5 6 7 8 9",
    ],
)
def test_what_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("GB82 WEST 1234 5698 7654 32", True),
        ("it60 x054 2811 1010 0000 0123 456", True),
        ("GB82 WEST 1234 5698 7654 3", False),
        ("XX82 WEST 1234 5698 7654 32", False),
        ("GB82 WEST 1234 5698 7645 32", False),
    ],
)
def test_account_numbers(number, wanted):
    assert is_iban(number) is wanted


def test_every_wrong_check_character_of_a_tax_number_is_noticed_and_stand_ins_are_taken():
    assert [each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if is_codice_fiscale("RSSMRA85T10A562" + each)] == [
        "S"
    ]
    assert [each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if is_codice_fiscale("RSSMRA85T10A56N" + each)] == [
        "H"
    ]
    assert not is_codice_fiscale("RSSMRA85T10A56")
    assert not is_codice_fiscale("RSSMRA85F10A562S")


def test_names_that_were_given_with_a_contribution():
    text = "Ich, Anna Weiß, weiß das. Anna. Annahme"

    assert found(text, names=["Anna Weiß", ""]) == [("name", "Anna Weiß"), ("name", "Anna")]


def test_repeated_sentences_and_known_texts():
    text = "Wir wollen hier mehr Bäume haben. Sofort! wir wollen hier mehr baeume haben! Sofort!"

    assert found(text) == [("repeated", "wir wollen hier mehr baeume haben!")]
    assert found("Mehr Bäume!", known={fingerprint("mehr  bäume")}) == [("known-text", "Mehr Bäume!")]
    assert found(" ", known={fingerprint("")}) == []


def test_shouting():
    assert found("DAS IST DOCH NICHT wahr!!!! Das BauGB gilt!") == [
        ("shouting", "DAS IST DOCH NICHT"),
        ("shouting", "!!!!"),
    ]


TEXT = "Anna Weiß, Am Weg 3, Tel. 0171 2345678, anna@example.org, siehe www.example.org"


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("de", "[Name], [Anschrift], Tel. [Telefonnummer], [E-Mail-Adresse], siehe www.example.org"),
        ("it", "[nome], [indirizzo], Tel. [numero di telefono], [indirizzo e-mail], siehe www.example.org"),
        ("en", "[name], [address], Tel. [telephone number], [e-mail address], siehe www.example.org"),
    ],
)
def test_redaction_says_what_was_there(language, wanted):
    assert redact(TEXT, language=language, names=["Anna Weiß"]) == wanted


def test_redaction_keeps_what_shall_stay():
    assert redact("Am Weg 3", language="de", keep={NoteCode.ADDRESS}) == "Am Weg 3"


@given(st.text(alphabet="ab Z09@.+-/:(DE)IT\nß", max_size=120))
def test_notes_lie_in_the_text_and_what_is_redacted_is_gone(text):
    personal = {NoteCode.EMAIL, NoteCode.PHONE, NoteCode.IBAN, NoteCode.CODICE_FISCALE}

    assert all(0 <= note.start < note.end <= len(text) for note in triage(text))
    again = redact(text, language="en")
    assert [
        note for note in triage(again) if note.code in personal and "[" not in again[note.start : note.end]
    ] == []


@pytest.mark.parametrize(
    "odd",
    [
        "a" * 50_000,
        "a-" * 25_000,
        "0 " * 25_000,
        "via " * 12_000,
        "Via A " * 9_000,
        "A1" * 20_000,
        "a.@" * 9_000,
    ],
)
def test_no_text_takes_long(odd):
    begun = time.process_time()

    triage(odd)

    assert time.process_time() - begun < 3
