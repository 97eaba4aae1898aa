"""The city's own colours and logo: ``/theme.css`` and ``/logo``."""

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import condition, require_safe

from tandem.kit.colour import Shades, check_accent, shades
from tandem.kit.installation import config

__all__ = ["check_accent", "logo", "theme", "theme_css"]
DEFAULT_ACCENT = "#1f5a8c"
_ONE_HOUR = "public, max-age=3600"


@lru_cache(maxsize=8)
def theme_css(accent: str) -> str:
    """Return the style sheet that gives the page the accent's shades, light and dark.

    An accent that is no colour gives Tandem's own.
    """
    usable = (
        accent if not any(finding.severity == "error" for finding in check_accent(accent)) else DEFAULT_ACCENT
    )
    light, dark = _tokens(shades(usable)), _tokens(shades(usable, dark=True))
    return f":root{{--brand:{usable};{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _tokens(found: Shades) -> str:
    return (
        f"--accent:{found.accent};--accent-hover:{found.hover};--accent-text:{found.text};"
        f"--accent-soft:{found.soft};--accent-line:{found.line};--on-accent:{found.on_accent}"
    )


def _theme_etag(_request: HttpRequest) -> str:
    return f'"{hashlib.sha256(theme_css(config().look.accent).encode()).hexdigest()[:16]}"'


@require_safe
@condition(etag_func=_theme_etag)
def theme(_request: HttpRequest) -> HttpResponse:
    """Return the style sheet of the city's accent."""
    css = theme_css(config().look.accent)
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": _ONE_HOUR})


def logo_path() -> Path | None:
    """Return the logo's file, or None where the city has none or it lies outside the installation."""
    home, name = config().home.resolve(), config().look.logo
    path = (home / name).resolve()
    return path if name and path.is_relative_to(home) and path.is_file() else None


def _logo_etag(_request: HttpRequest) -> str | None:
    path = logo_path()
    if path is None:
        return None
    state = path.stat()
    return f'"{state.st_mtime_ns:x}-{state.st_size:x}"'


@require_safe
@condition(etag_func=_logo_etag)
def logo(_request: HttpRequest) -> HttpResponseBase:
    """Return the city's logo."""
    path = logo_path()
    kind = mimetypes.guess_type(path.name)[0] if path else None
    if path is None or kind not in {"image/svg+xml", "image/png", "image/webp", "image/jpeg"}:
        raise Http404
    return FileResponse(path.open("rb"), content_type=kind, headers={"Cache-Control": _ONE_HOUR})
