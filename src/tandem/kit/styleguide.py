"""The style guide: every component of the kit on one page, with awkward content."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tandem.core.findings import Finding, Severity
from tandem.kit.charts import Chart
from tandem.kit.forms import DatePartsField, Manners
from tandem.kit.installation import city
from tandem.kit.maps import Feature, Layer, Map
from tandem.kit.series import ScatterChart, Series, SeriesChart
from tandem.kit.translated import TranslatedTextField

LONG_TITLE = (
    "Verkehrsberuhigungsmaßnahmenübersicht der Straßenverkehrsordnungsbehörde mit "
    "Fußgängerüberwegsbeleuchtungsinstandhaltungsplan, Fahrradabstellanlagenbedarfsermittlung und "
    "Lichtsignalanlagenumlaufzeitenverzeichnis für das Stadtgebiet einschließlich aller Ortsteile und "
    "Gewerbegebiete sowie des Bahnhofs, Stand 2026"
)


class Sample(Manners, forms.Form):
    """One field of each kind."""

    title = TranslatedTextField(
        label="Titel", required_languages=("de",), help_text="Kurz und genau: „Baumkataster“."
    )
    mail = forms.EmailField(label="E-Mail-Adresse", help_text="Zum Beispiel vorname.nachname@example.org")
    description = forms.CharField(label="Beschreibung", required=False, widget=forms.Textarea({"rows": 4}))
    licence = forms.ChoiceField(
        label="Lizenz",
        choices=[("", "Bitte wählen"), ("zero", "Datenlizenz Deutschland – Zero"), ("by", "CC BY 4.0")],
    )
    valid_from = DatePartsField(label="Gültig ab", help_text="Zum Beispiel 27 3 2026", required=False)
    rhythm = forms.ChoiceField(
        label="Wie oft wird erneuert?",
        choices=[("day", "Täglich"), ("month", "Monatlich"), ("year", LONG_TITLE)],
        widget=forms.RadioSelect,
    )
    themes = forms.MultipleChoiceField(
        label="Themen",
        choices=[("tran", "Verkehr"), ("envi", "Umwelt"), ("soci", "Bevölkerung und Gesellschaft")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    file = forms.FileField(label="Datei", help_text="CSV, Excel oder GeoJSON, höchstens 2 GB", required=False)
    agreed = forms.BooleanField(label="Die Datei enthält keine personenbezogenen Daten.")


def _sample(*, sent: bool) -> Sample:
    if not sent:
        return Sample(prefix="new", initial={"title": {"de": "Baumkataster"}})
    values = {
        "sent-title_de": "",
        "sent-mail": "keine Adresse",
        "sent-valid_from_day": "31",
        "sent-valid_from_month": "2",
    }
    return Sample({**values, "sent-valid_from_year": "2026"}, prefix="sent")


def _charts() -> dict[str, Chart | SeriesChart | ScatterChart]:
    months = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
    riders = (41, 38, 62, 84, 103, 118, 109, 97, 101, None, 66, 44)
    return {
        "bars": Chart(
            "Linden sind der häufigste Straßenbaum",
            [
                ("Linde", 8_412),
                ("Ahorn", 6_120),
                ("Platane", 1_833),
                ("Ungenannte Baumarten", 212),
                ("Ginkgo", 9),
            ],
            label_heading="Baumart",
            value_heading="Bäume",
            note="Baumkataster, 1. März 2026",
        ),
        "balance": Chart(
            "In welchen Stadtbezirken wächst die Zahl der Einwohner?",
            [("Mitte", 412), ("Uentrop", 96), ("Pelkum", -38), ("Bockum-Hövel", -205)],
            label_heading="Stadtbezirk",
            value_heading="Veränderung",
        ),
        "columns": Chart(
            "Wie viele Räder fahren werktags über die Brücke?",
            list(zip(months, riders, strict=True)),
            kind="column",
            unit="Räder je Stunde",
            label_heading="Monat",
            value_heading="Mittel",
            note="Im Oktober war die Zählstelle außer Betrieb.",
        ),
        "line": Chart(
            "Die mittlere Wartezeit ist seit 2020 um ein Drittel gesunken",
            [(str(1990 + year), round(48 - 0.02 * year * year + (year % 5), 1)) for year in range(37)],
            kind="line",
            unit="s",
            label_heading="Jahr",
            value_heading="Wartezeit",
        ),
        "stacked": SeriesChart(
            "Was steht in welchem Stadtbezirk?",
            ["Mitte", "Uentrop", "Pelkum"],
            [
                Series("Linde", [812, 640, 120]),
                Series("Ahorn", [410, None, 333]),
                Series("Eiche", [96, 210, 77]),
            ],
            kind="bar",
            layout="stacked",
            label_heading="Stadtbezirk",
            value_heading="Bäume",
        ),
        "lines": SeriesChart(
            "Wann wird gefahren?",
            [f"{hour} Uhr" for hour in range(6, 23)],
            [
                Series("werktags", [20 + 90 * (hour in {7, 8, 16, 17}) + hour for hour in range(6, 23)]),
                Series("am Wochenende", [60 - abs(14 - hour) * 6 for hour in range(6, 23)]),
            ],
            kind="line",
            label_heading="Stunde",
            value_heading="Räder",
        ),
        "scatter": ScatterChart(
            "Dicke Bäume sind hoch",
            [(40 + 7 * number % 160, 8 + (7 * number % 160) / 11 + number % 5) for number in range(90)],
            x_heading="Umfang (cm)",
            y_heading="Höhe (m)",
            finding="Mit dem Umfang wächst die Höhe.",
        ),
    }


def _map(request: HttpRequest) -> Map:
    here = city()
    features = [
        Feature(
            f"Messstelle {number}",
            "#map",
            f"{number * 37} Fahrten am Tag",
            here.latitude + dy,
            here.longitude + dx,
        )
        for number, (dy, dx) in enumerate([(0.01, 0.02), (-0.012, 0.031), (0.004, -0.027)], start=1)
    ]
    features.append(Feature(LONG_TITLE, "#map", "Ohne Koordinaten"))
    url = reverse("styleguide")
    return Map(
        "Messstellen im Stadtgebiet",
        layers=(
            Layer("areas", "Bezirke", f"{url}?layer=areas", "areas"),
            Layer("points", "Bäume (3.000)", f"{url}?layer=points", shown="trees" in request.GET),
        ),
        features=features,
    )


def _geojson(layer: str) -> dict[str, Any]:
    latitude, longitude = city().latitude, city().longitude
    if layer == "points":
        places = [
            (longitude + (number % 60 - 30) / 400, latitude + (number // 60 - 25) / 600)
            for number in range(3_000)
        ]
        return _collection(
            [("Point", list(place), f"Baum {number}") for number, place in enumerate(places, start=1)]
        )
    rings = []
    for number, (dx, dy) in enumerate([(-0.05, -0.03), (0.0, -0.03), (-0.05, 0.0), (0.0, 0.0)], start=1):
        west, south = longitude + dx, latitude + dy
        corners = [(0, 0), (0.05, 0), (0.05, 0.03), (0, 0.03), (0, 0)]
        rings.append(("Polygon", [[[west + x, south + y] for x, y in corners]], f"Bezirk {number}"))
    return _collection(rings)


def _collection(things: list[tuple[str, Any, str]]) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": kind, "coordinates": at},
            "properties": {"title": title, "url": "#map"},
        }
        for kind, at, title in things
    ]
    return {"type": "FeatureCollection", "features": features}


FINDINGS = (
    Finding(
        Severity.WARNING,
        "catalogue.table.bad-cell",
        "line 412, column „Pflanzjahr“",
        "“ca. 1970” is no year.",
    ),
    Finding(Severity.ERROR, "catalogue.table.encoding", "", "The file is neither UTF-8 nor Windows-1252."),
    Finding(
        Severity.INFO, "catalogue.table.preamble", "lines 1–3", "Three lines above the table were left out."
    ),
)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component of the kit."""
    if layer := request.GET.get("layer"):
        return JsonResponse(_geojson(layer), content_type="application/geo+json")
    if "message" in request.GET:
        messages.success(request, _("Your changes are saved."))
    rows = [(f"{59000 + number:05d}", "Linde", 1950 + number, number * 1.37, None) for number in range(1, 31)]
    page = {
        "long_title": LONG_TITLE,
        "form": _sample(sent=False),
        "sent_form": _sample(sent=True),
        "charts": _charts(),
        "map": _map(request),
        "findings_found": FINDINGS,
        "numbers": Paginator(range(400), 20).page(7),
        "rows": rows,
        "tabs": [("Daten", reverse("styleguide")), ("Karte", "?tab=map"), ("Beschreibung", "?tab=about")],
        "steps": [("Datei", "#main"), ("Erkannt", "#forms"), ("Beschreiben", ""), ("Veröffentlichen", "")],
        "facet_options": [
            {"label": "Verkehr", "count": 31, "url": "?theme=tran", "selected": True},
            {
                "label": "Bevölkerung und Gesellschaft, Wohnungsbau, Stadtentwicklung",
                "count": 1204,
                "url": "?theme=soci",
            },
            *(
                {"label": f"Thema {number}", "count": number, "url": f"?theme={number}"}
                for number in range(9, 0, -1)
            ),
        ],
        "tags": [
            ("Verkehr", "?keyword=verkehr"),
            ("Baumkataster", "?keyword=baum"),
            "ohne Verweis",
            LONG_TITLE,
        ],
        "texts": {"de": "Nur auf Deutsch vorhanden"},
    }
    return render(request, "kit/styleguide.html", page)
