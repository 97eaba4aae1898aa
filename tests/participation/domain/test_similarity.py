"""Similar ideas in three languages."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tandem.participation.domain.similarity import SimilarityIndex

IDEAS = [
    ("play", "Mehr Spielplätze im Norden", "Für die Kinder fehlen Rutschen."),
    ("bench", "Bänke am Kanal", "Ältere Menschen brauchen Sitzgelegenheiten."),
    ("alberi", "Più alberi in centro", "L'estate è troppo calda."),
    ("cycle", "Radweg an der Marker Allee", "Wer mit dem Fahrrad fährt, wird gefährdet."),
    ("trees", "Trees for the market square", "Shade is missing."),
]


def ids(title, text="", index=None, **more):
    return [each.id for each in (index or SimilarityIndex(IDEAS)).similar(title, text, **more)]


def test_compounds_umlauts_endings_and_three_languages_meet():
    assert ids("Kinderspielplatz bauen") == ["play"]
    assert ids("Sitzbaenke", "am Kanal") == ["bench"]
    assert ids("Un albero in piazza") == ["alberi"]
    assert ids("FAHRRADWEGE") == ["cycle"]
    assert ids("a tree at the market") == ["trees"]


def test_what_is_like_nothing_finds_nothing():
    assert ids("Schwimmbad") == []
    assert ids("") == []
    assert ids("xyz", index=SimilarityIndex()) == []


def test_the_same_idea_is_wholly_alike_and_comes_first():
    found = SimilarityIndex(IDEAS).similar(*IDEAS[1][1:])

    assert (found[0].id, round(found[0].alike_share, 6)) == ("bench", 1.0)
    assert ids(*IDEAS[1][1:], but="bench") == []


def test_an_idea_that_is_changed_or_gone_is_found_as_it_is_now():
    index = SimilarityIndex(IDEAS)
    index.put("play", "Neue Turnhalle", "Die alte ist zu klein.")
    index.remove("cycle")
    index.remove("never there")

    assert (ids("Spielplatz", index=index), ids("Turnhallen", index=index)) == ([], ["play"])
    assert (ids("Fahrradweg", index=index), len(index)) == ([], 4)


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(IDEAS), st.booleans()), max_size=60))
def test_an_index_that_grew_and_shrank_is_like_one_made_anew(changes):
    grown, there = SimilarityIndex(), {}
    for number, (_id, title, text), gone in changes:
        if gone:
            grown.remove(str(number))
            there.pop(str(number), None)
        else:
            grown.put(str(number), title, text)
            there[str(number)] = (title, text)

    assert len(grown) == len(there)
    for _id, title, text in IDEAS:
        equal = {key for key, idea in there.items() if idea == (title, text)}
        found = grown.similar(title, text, most=50)
        assert {each.id for each in found if each.alike_share > 0.999} == equal


def test_an_idea_is_found_among_many_by_half_of_its_text():
    chance = random.Random(5)
    vocabulary = ["".join(chance.choices("abdeiklmnorstu", k=chance.randint(3, 12))) for _ in range(1_500)]
    ideas = [
        (str(number), " ".join(chance.choices(vocabulary, k=5)), " ".join(chance.choices(vocabulary, k=40)))
        for number in range(400)
    ]
    index = SimilarityIndex(ideas)

    missed = [key for key, _title, text in ideas if ids("", text[: len(text) // 2], index=index)[:1] != [key]]
    assert missed == []
