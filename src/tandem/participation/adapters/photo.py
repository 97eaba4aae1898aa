"""Photos that citizens upload: decoded with limits, encoded anew, without anything but the picture.

A phone writes where and when a photo was taken, by whom and with what, into it. None of that is kept: pixels are
copied into a new picture, and only that is written.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from tandem.core.errors import InvalidInput
from tandem.core.text import say

MEDIA_TYPE = "image/jpeg"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")  # MPO: what some phones and cameras call a JPEG
MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE_PX = 2_048
THUMBNAIL_SIDES_PX = (1_024, 480, 160)
SHORTEST_SIDE_PX = 8
_QUALITY = 85
_WHITE = (255, 255, 255)


class BadPhoto(InvalidInput):
    """A file is no picture that can be used."""

    code = "participation.photo.unusable"


class PhotoTooLarge(InvalidInput):
    """A picture has more bytes or pixels than are taken."""

    code = "participation.photo.too-large"


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture as it is served: a JPEG in sRGB, upright, with nothing written into it."""

    content: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo and its smaller versions.

    Attributes:
        thumbnails: One for each size that is smaller than the picture itself, the largest first.
    """

    full: Rendition
    thumbnails: tuple[Rendition, ...]


def clean_photo(
    uploaded: bytes,
    *,
    most_bytes: int = MOST_BYTES,
    most_pixels: int = MOST_PIXELS,
    longest_side_px: int = LONGEST_SIDE_PX,
    thumbnail_sides_px: Sequence[int] = THUMBNAIL_SIDES_PX,
) -> Photo:
    """Return a photo that is safe to publish as far as its file goes; what it shows has to be looked at.

    The kind of file is told by its content. The rotation that a camera notes is carried out, colours are brought
    to sRGB, what is transparent becomes white, of an animation the first picture is taken.

    Args:
        uploaded: The whole file: JPEG, PNG, WebP or GIF.
        most_bytes: More is refused before anything is decoded.
        most_pixels: More is refused after the header is read, before memory is taken for it.
        longest_side_px: A larger picture is made smaller.
        thumbnail_sides_px: Longest sides of the smaller versions.

    Raises:
        PhotoTooLarge: It has too many bytes or pixels.
        BadPhoto: It is no picture, of another kind, broken, or tiny.
    """
    if len(uploaded) > most_bytes:
        raise PhotoTooLarge(say("A photo may have {most} MB at the most.", most=most_bytes // 1_000_000))
    picture = _decoded(uploaded, most_pixels, longest_side_px)
    full = _smaller(picture, longest_side_px)
    sides = sorted({side for side in thumbnail_sides_px if side < max(full.size)}, reverse=True)
    return Photo(_encoded(full), tuple(_encoded(_smaller(full, side)) for side in sides))


def _decoded(uploaded: bytes, most_pixels: int, longest_side_px: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Pillow warns of what it finds odd; whatever can be decoded within the limits is taken.
            warnings.simplefilter("ignore")
            opened = Image.open(BytesIO(uploaded), formats=FORMATS)
            _check_size(opened.size, most_pixels)
            # A JPEG can be decoded at a half or a quarter of its size, which saves most of the time.
            opened.draft("RGB", (2 * longest_side_px, 2 * longest_side_px))
            return _pixels_only(ImageOps.exif_transpose(opened))
    except InvalidInput:
        raise
    except UnidentifiedImageError:
        raise BadPhoto(
            say("This file is no photo that can be read. Please send a JPEG, PNG or WebP.")
        ) from None
    except Image.DecompressionBombError:
        raise PhotoTooLarge(_too_many(most_pixels)) from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        IndexError,
        KeyError,
        EOFError,
        MemoryError,
    ) as error:
        # Decoders raise whatever comes to their mind when a file is broken.
        raise BadPhoto(say("This photo is broken and cannot be read. Please send it again.")) from error


def _check_size(size: tuple[int, int], most_pixels: int) -> None:
    if size[0] * size[1] > most_pixels:
        raise PhotoTooLarge(_too_many(most_pixels))
    if min(size) < SHORTEST_SIDE_PX:
        raise BadPhoto(say("This picture is too small to show anything."))


def _too_many(most_pixels: int) -> str:
    return say("A photo may have {most} million pixels at the most.", most=most_pixels // 1_000_000)


def _pixels_only(picture: Image.Image) -> Image.Image:
    """Return a new picture in sRGB with the same pixels; nothing that was written beside them comes along."""
    coloured = _in_srgb(picture)
    clean = Image.new("RGB", coloured.size, _WHITE)
    clean.paste(coloured.convert("RGB"), mask=coloured.getchannel("A") if coloured.mode == "RGBA" else None)
    return clean


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    see_through = picture.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in picture.info
    if profile and picture.mode in {"RGB", "RGBA", "CMYK", "L"}:
        picture = _converted(picture, profile)
    if picture.mode in {"I", "I;16", "F"}:
        # Sixteen bits of grey: keep the upper eight, where a plain conversion would make it all white.
        picture = picture.convert("I").point(lambda value: value / 256, "L")
    return picture.convert("RGBA" if see_through or picture.mode == "RGBA" else "RGB")


def _converted(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return a picture with its colours brought from a profile to sRGB."""
    target = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        made = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=target)
    except (ImageCms.PyCMSError, OSError):
        return picture  # a profile that cannot be read is as good as none
    return made or picture


def _smaller(picture: Image.Image, longest_side_px: int) -> Image.Image:
    if max(picture.size) <= longest_side_px:
        return picture
    scale = longest_side_px / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(picture: Image.Image) -> Rendition:
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True, subsampling="4:2:0")
    return Rendition(out.getvalue(), picture.width, picture.height)
