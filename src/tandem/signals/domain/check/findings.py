"""How the check says what it finds."""

from tandem.core.findings import Finding, Severity


def error(code: str, path: str, message: str) -> Finding:
    """Return a finding that makes a junction unsafe or its control impossible."""
    return Finding(Severity.ERROR, f"signals.check.{code}", path, message)


def warning(code: str, path: str, message: str) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(Severity.WARNING, f"signals.check.{code}", path, message)


def seconds(ms: int) -> float:
    """Return seconds as people write them: 5, not 5.0."""
    return ms // 1000 if ms % 1000 == 0 else ms / 1000
