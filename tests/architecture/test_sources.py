"""What no source file may hold: what loads from third parties, inline code, a developer's paths."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.committed import ROOT, SOURCE

TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
SCRIPTS_AND_STYLES = [
    path
    for kind in ("js", "css")
    for path in sorted(SOURCE.rglob(f"static/**/*.{kind}"))
    if "vendor" not in path.parts
]
LOADED = re.compile(
    r"<(?:script|img|iframe|source|link|video|audio|embed|object)\b[^>]*?\b(?:src|srcset|href|data)\s*=\s*[\"']?\s*"
    r"((?:https?:)?//[^\"'\s>]+)",
    re.I,
)
INLINE = {
    "style sheet": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I),
    "event handler": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.I),
    "htmx handler": re.compile(r"\shx-on[:=]", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", re.I),
}
HOME_FOLDERS = re.compile(r"(?<![\w./-])/(?:home|Users|root)/\w+|[A-Z]:\\Users\\", re.I)
TEXT_SUFFIXES = {
    ".py",
    ".html",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".txt",
    ".js",
    ".css",
    ".json",
    ".lock",
    ".po",
    ".ttl",
    "",
}


def project_files() -> list[Path]:
    """Return the project's own text files: what git knows, or what a source archive holds."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listed.stdout.decode("utf-8").split("\0") if listed.returncode == 0 else []
    files = [ROOT / name for name in names if name] or [*SOURCE.rglob("*"), *(ROOT / "tests").rglob("*")]
    return [path for path in files if path.suffix in TEXT_SUFFIXES and path.is_file()]


def _without_comments(text: str) -> str:
    return re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text, flags=re.S)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_template_loads_nothing_from_elsewhere_and_has_nothing_inline(template: Path):
    text = _without_comments(template.read_text("utf-8"))

    assert LOADED.findall(text) == []
    assert {name: found.group() for name, rule in INLINE.items() if (found := rule.search(text))} == {}


@pytest.mark.parametrize("path", SCRIPTS_AND_STYLES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_script_or_style_names_no_other_host(path: Path):
    text = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", path.read_text("utf-8"), flags=re.S | re.M)
    hosts = set(re.findall(r"(?:https?:)?//[a-z0-9][a-z0-9.-]*\.[a-z]{2,}", text, re.I))

    assert hosts - {"http://www.w3.org"} == set()  # the name of a namespace, never fetched


def test_vendored_files_come_with_their_licence():
    vendored = [folder for folder in SOURCE.rglob("static/*/vendor/*") if folder.is_dir()]

    assert [folder.name for folder in vendored if not list(folder.glob("LICENSE*"))] == []


def test_no_file_holds_a_path_of_a_developers_machine():
    own = str(ROOT) if len(ROOT.parts) > 2 else "\0"
    faults = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in project_files()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1)
        if own in line or HOME_FOLDERS.search(line)
    ]

    assert faults == []
