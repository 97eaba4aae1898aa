"""Make a table such as a city has, of any length: semicolons, decimal commas, dd.mm.yyyy, codes with leading zeros.

Usage: python benchmarks/make_table.py ROWS FILE
The same rows give the same bytes.
"""

import random
import sys
from datetime import date, timedelta
from pathlib import Path

KINDS = ("Linde", "Eiche", "Ahorn", "Platane", "Buche", "Esche", "Kastanie", "Birke")
DISTRICTS = ("Mitte", "Nord", "Ost", "Süd", "West", "Hafen", "Höhe")
HEADER = "Nummer;Art;Bezirk;PLZ;Gepflanzt am;Höhe (m);Umfang (cm);Breite;Länge;Wert (EUR)"


def lines(rows: int, seed: int = 20_240_531):
    """Yield the table's lines, the header first."""
    chance = random.Random(seed)
    yield HEADER
    first = date(1950, 1, 1)
    for number in range(1, rows + 1):
        planted = first + timedelta(days=chance.randrange(27_000))
        height = f"{chance.uniform(2, 30):.1f}".replace(".", ",")
        latitude = f"{51.6 + chance.random() / 5:.6f}".replace(".", ",")
        longitude = f"{7.7 + chance.random() / 4:.6f}".replace(".", ",")
        value = f"{chance.randrange(100, 999_999) / 100:,.2f}".translate(str.maketrans(",.", ".,"))
        yield (
            f"{number:07d};{chance.choice(KINDS)};{chance.choice(DISTRICTS)};0{chance.randrange(1000, 9999)};"
            f"{planted:%d.%m.%Y};{height};{chance.randrange(20, 400)};{latitude};{longitude};{value}"
        )


def write(rows: int, target: Path) -> None:
    """Write a table of ``rows`` rows to ``target``."""
    with target.open("w", encoding="utf-8", newline="") as sink:
        for line in lines(rows):
            sink.write(f"{line}\r\n")


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
