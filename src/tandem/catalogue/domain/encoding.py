"""Which encoding a text is in, and what is no text at all."""

import codecs
import re

_MOST_ZEROS, _MOST_CONTROL = 0.02, 0.01
_UNUSED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def detect_encoding(sample: bytes) -> str:
    """Return the encoding of a text: by its mark, by its zeros, by whether it is valid UTF-8.

    >>> detect_encoding("Straße".encode("cp1252"))
    'cp1252'
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return name
    zeros_even, zeros_odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
    half = max(1, min(len(sample), 4096) // 2)
    if zeros_odd > 0.4 * half and zeros_even < 0.1 * half:
        return "utf-16-le"
    if zeros_even > 0.4 * half and zeros_odd < 0.1 * half:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError:
        return "latin-1" if _UNUSED_IN_CP1252.search(sample) else "cp1252"
    return "utf-8"


def is_binary(sample: bytes) -> bool:
    """Return whether bytes are no text in any encoding that tables come in.

    A few stray zeros, as old exports of fixed width leave them, do not make a text binary.
    """
    if detect_encoding(sample) in {"utf-16", "utf-16-le", "utf-16-be", "utf-32"}:
        return False
    control = sum(sample.count(code) for code in (*range(1, 9), 11, *range(14, 27), *range(28, 32)))
    return sample.count(0) > len(sample) * _MOST_ZEROS or control > len(sample) * _MOST_CONTROL
