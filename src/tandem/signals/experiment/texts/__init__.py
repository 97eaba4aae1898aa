"""The texts of a comparison's report: English, German, Italian."""

from collections.abc import Mapping

from tandem.signals.experiment.texts import details, finding, names, pictures, summary, tables

TEXTS: Mapping[str, tuple[str, str, str]] = {
    **names.TEXTS,
    **finding.TEXTS,
    **summary.TEXTS,
    **tables.TEXTS,
    **pictures.TEXTS,
    **details.TEXTS,
}
