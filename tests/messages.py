"""Collect the texts that people read, for translation, and compile the catalogues: ``make messages``.

Each room keeps its own catalogues, ``locale/<language>/LC_MESSAGES/django.po`` and ``.mo``. What was
translated stays; what is new is empty; what is gone is dropped. Nothing depends on the time or the machine.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tandem"
LANGUAGES = ("de", "it")
PLURALS = "nplurals=2; plural=(n != 1);"
# Function → positions of (context, singular, plural); -1 for what it does not take.
POSITIONS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "say"), (-1, 0, -1)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (-1, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, -1)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
SPOKEN_FOR = {"kit": ("core",), "junctions": ("signals/domain",)}
Key = tuple[str, str]  # context, text


@dataclass(slots=True)
class Text:
    """A text to translate.

    Attributes:
        files: Where it stands, relative to ``src``.
    """

    plural: str = ""
    files: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


def rooms() -> list[str]:
    """Return the rooms that Django knows, which are those that speak to people."""
    return sorted(path.parent.name for path in SOURCE.glob("*/apps.py"))


def catalogue_path(room: str, language: str) -> Path:
    """Return where the catalogue of a room and a language is kept."""
    return SOURCE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def collect(room: str) -> dict[Key, Text]:
    """Return the texts of a room's modules and templates, and of what has no catalogue and speaks through it."""
    texts: dict[Key, Text] = {}
    folders = (room, *SPOKEN_FOR.get(room, ()))
    for path in sorted(path for folder in folders for path in (SOURCE / folder).rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
            for context, text, plural, comments in _texts(path):
                entry = texts.setdefault((context, text), Text())
                entry.plural = entry.plural or plural
                entry.files.add(path.relative_to(SOURCE.parent).as_posix())
                entry.comments += [comment for comment in comments if comment not in entry.comments]
    return texts


def _texts(path: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    found = extract_python(
        io.BytesIO(source.encode("utf-8")), POSITIONS, ["Translators:"], {"encoding": "utf-8"}
    )
    for _line, function, arguments, comments in found:
        given = list(arguments) if isinstance(arguments, tuple | list) else [arguments]
        context, text, plural = (
            (given[at] or "") if 0 <= at < len(given) else "" for at in POSITIONS.get(function, (-1, -1, -1))
        )
        if text:
            yield context, text, plural, comments


def merged(room: str, language: str) -> polib.POFile:
    """Return a room's catalogue with every text that the room has now, and the translations it had."""
    path = catalogue_path(room, language)
    held = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "Tandem",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS,
    }
    for (context, text), entry in sorted(
        collect(room).items(), key=lambda item: (min(item[1].files), item[0])
    ):
        catalogue.append(_entry(context, text, entry, held.get((context, text))))
    return catalogue


def _entry(context: str, text: str, entry: Text, before: polib.POEntry | None) -> polib.POEntry:
    made = polib.POEntry(
        msgctxt=context or None,
        msgid=text,
        msgid_plural=entry.plural,
        occurrences=[(name, "") for name in sorted(entry.files)],
        comment="\n".join(entry.comments),
        flags=["python-format"] if "%(" in text else [],
    )
    if entry.plural:
        made.msgstr_plural = {0: "", 1: ""}
    if before and bool(before.msgid_plural) == bool(entry.plural):
        made.msgstr, made.msgstr_plural = before.msgstr, before.msgstr_plural
    return made


def main() -> None:
    """Write every catalogue, and say what is not translated."""
    for room in rooms():
        for language in LANGUAGES:
            catalogue, path = merged(room, language), catalogue_path(room, language)
            if not catalogue:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            catalogue.save_as_mofile(str(path.with_suffix(".mo")))
            missing = catalogue.untranslated_entries()
            sys.stdout.write(f"{room} {language}: {len(catalogue)} texts, {len(missing)} not translated\n")
            sys.stdout.writelines(f"    {entry.msgid!r}\n" for entry in missing)


if __name__ == "__main__":
    main()
