"""Mass statements: one letter sent by many is one group."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.mass import group_statements

LETTER = (
    "Sehr geehrte Damen und Herren, gegen den Entwurf des Bebauungsplans erhebe ich Einwendungen. Die Straße wird "
    "zu laut, die Bäume werden gefällt, und die Schule verliert ihren sicheren Weg. Ich bitte darum, die Variante "
    "am Kanal zu prüfen und die Anwohner noch einmal anzuhören. Mit freundlichen Grüßen"
)


def members(statements, **more):
    return [group.members for group in group_statements(statements, **more)]


def test_the_same_letter_with_names_spellings_and_lines_of_ones_own():
    found = group_statements(
        [
            ("1", LETTER + " Anna A."),
            ("2", "Ganz etwas anderes: Der Spielplatz braucht Schatten, Wasser und eine neue Rutsche."),
            ("3", LETTER.upper().replace("Ä", "AE").replace("Ü", "UE") + "\n\nBernd B."),
            ("4", LETTER + " Wir wohnen seit zwanzig Jahren hier und schlafen schlecht. Carla C."),
            ("5", LETTER + " Anna A."),
        ]
    )

    assert [(group.model, group.members) for group in found] == [("1", ("1", "3", "4", "5"))]
    shares = [round(share, 2) for share in found[0].alike_shares]
    assert (shares[0], shares[3]) == (1.0, 1.0)
    assert 0.7 <= shares[2] < shares[1] < 1.0


def test_a_letter_that_is_half_ones_own_stands_alone():
    own = "Unsere Firma braucht die Zufahrt für Lieferungen am Morgen und am Abend sowie den Parkplatz. " * 4

    assert members([("1", LETTER), ("2", LETTER + own)], least_alike_share=0.9) == []


def test_texts_without_words_are_no_group():
    assert members([("1", ""), ("2", " … "), ("3", "!")]) == []


def test_short_texts_are_compared_as_a_whole():
    assert members([("1", "Nein!"), ("2", "nein"), ("3", "Ja"), ("4", "Nein, danke")]) == [("1", "2")]


@given(
    st.lists(st.sampled_from(["a b c d", "a b c d.", "x y z", "x y z w v u t s r", ""]), max_size=12),
    st.integers(0, 12),
)
def test_what_arrives_later_changes_no_group_of_before(texts, first):
    statements = [(str(number), text) for number, text in enumerate(texts)]
    before = {group.model: group.members for group in group_statements(statements[:first])}
    after = {group.model: group.members for group in group_statements(statements)}

    for model, those in before.items():
        assert after[model][: len(those)] == those


def test_letters_among_many_others_are_all_found():
    chance = random.Random(7)
    vocabulary = ["".join(chance.choices("abdeiklmnorstu", k=6)) for _ in range(2_000)]
    letters = [" ".join(chance.choices(vocabulary, k=150)) for _ in range(3)]
    statements, truth = [], {}
    for number in range(600):
        kind = chance.randrange(5)
        own = " ".join(chance.choices(vocabulary, k=chance.randint(2, 25)))
        text = f"{letters[kind]} {own}" if kind < 3 else " ".join(chance.choices(vocabulary, k=100))
        statements.append((str(number), text))
        truth[str(number)] = kind

    found = group_statements(statements)

    assert sorted(sorted({truth[each] for each in group.members}) for group in found) == [[0], [1], [2]]
    assert sum(len(group.members) for group in found) == sum(kind < 3 for kind in truth.values())
