"""Photos: nothing but the picture is kept, and no file is too odd."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from tandem.participation.adapters.photo import BadPhoto, PhotoTooLarge, clean_photo

SECRETS = (b"SECRET", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"GPS", b"51.68", b"Pixel 9")
BLUE, RED = (20, 40, 200), (200, 30, 30)


def exif(orientation: int = 1) -> Image.Exif:
    """Return what a phone writes: who, what, when, and where: 51° 40' 48" N, 7° 49' 12" E."""
    made = Image.Exif()
    made[0x0112], made[0x010F], made[0x0110], made[0x013B] = orientation, "Google", "Pixel 9", "SECRET author"
    made.get_ifd(0x8769)[0x9003] = "2026:06:01 12:00:00"
    made.get_ifd(0x8825).update({1: "N", 2: (51.0, 40.0, 48.0), 3: "E", 4: (7.0, 49.0, 12.0), 27: b"SECRET"})
    return made


def halves(size: tuple[int, int] = (320, 160), mode: str = "RGB") -> Image.Image:
    """Return a picture that is red on its left and blue on its right."""
    made = Image.new("RGB", size, BLUE)
    made.paste(RED, (0, 0, size[0] // 2, size[1]))
    return made.convert(mode)


def saved(picture: Image.Image, kind: str = "JPEG", **more) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def loaded(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def near(pixel: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 14 for one, other in zip(pixel, wanted, strict=True))


def everything_written(content: bytes) -> dict:
    picture = loaded(content)
    return {
        "exif": dict(picture.getexif()),
        "info": {
            key: value
            for key, value in picture.info.items()
            if key not in {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        },
    }


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET 51.68</x:xmpmeta>"


def odd_uploads() -> dict[str, bytes]:
    text = PngImagePlugin.PngInfo()
    text.add_text("Location", "SECRET 51.68")
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    jpeg = saved(halves(), exif=exif(), xmp=XMP, comment=b"SECRET", icc_profile=srgb())
    return {
        "jpeg": jpeg,
        "jpeg with something after its end": jpeg + b"SECRET" * 10,
        "png": saved(halves(), "PNG", pnginfo=text, exif=exif(), icc_profile=srgb()),
        "webp": saved(halves(), "WEBP", exif=exif(), xmp=XMP, icc_profile=srgb()),
        "gif": saved(halves(), "GIF", comment=b"SECRET"),
        "two pictures in one": saved(halves(), "MPO", save_all=True, append_images=[halves()], exif=exif()),
    }


@pytest.mark.parametrize("kind", odd_uploads())
def test_nothing_that_was_written_into_a_photo_is_left(kind):
    uploaded = odd_uploads()[kind]
    photo = clean_photo(uploaded, thumbnail_sides_px=(160,))

    assert any(secret in uploaded for secret in SECRETS), (
        "the upload tells nothing, so the test would prove nothing"
    )
    for each in (photo.full, *photo.thumbnails):
        assert [secret for secret in SECRETS if secret in each.content] == []
        assert everything_written(each.content) == {"exif": {}, "info": {}}
        assert each.content.startswith(b"\xff\xd8\xff")
    assert near(loaded(photo.full.content).getpixel((40, 80)), RED)


def test_the_place_is_readable_before_and_gone_after():
    uploaded = saved(halves(), exif=exif())

    photo = clean_photo(uploaded)

    assert loaded(uploaded).getexif().get_ifd(0x8825)[2] == (51.0, 40.0, 48.0)
    assert loaded(photo.full.content).getexif().get_ifd(0x8825) == {}
    place = struct.pack(">II", 51, 1), struct.pack("<II", 51, 1)
    assert (any(each in uploaded for each in place), any(each in photo.full.content for each in place)) == (
        True,
        False,
    )


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (320, 160), (40, 80)),
        (3, (320, 160), (280, 80)),
        (6, (160, 320), (80, 40)),
        (8, (160, 320), (80, 280)),
    ],
)
def test_a_photo_stands_upright(orientation, size, red_at):
    photo = clean_photo(saved(halves(), exif=exif(orientation)))

    picture = loaded(photo.full.content)
    assert (picture.size, (photo.full.width_px, photo.full.height_px)) == (size, size)
    assert near(picture.getpixel(red_at), RED)


def test_sizes_of_the_picture_and_its_thumbnails():
    photo = clean_photo(saved(halves((4_000, 1_000))))

    assert [(each.width_px, each.height_px) for each in (photo.full, *photo.thumbnails)] == [
        (2_048, 512),
        (1_024, 256),
        (480, 120),
        (160, 40),
    ]
    assert [loaded(each.content).size for each in photo.thumbnails] == [(1_024, 256), (480, 120), (160, 40)]
    assert clean_photo(saved(halves((100, 50)))).thumbnails == ()


def test_a_very_narrow_picture_keeps_a_pixel():
    assert [each.height_px for each in clean_photo(saved(halves((2_000, 8)))).thumbnails] == [4, 2, 1]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "I;16"])
def test_every_mode_becomes_colour(mode):
    kind = {"CMYK": "JPEG"}.get(mode, "PNG")
    picture = Image.new("I;16", (64, 64), 30_000) if mode == "I;16" else halves((64, 64), mode)

    photo = clean_photo(saved(picture, kind))

    assert loaded(photo.full.content).mode == "RGB"
    if mode == "I;16":
        assert near(loaded(photo.full.content).getpixel((5, 5)), (117, 117, 117))


def test_what_is_transparent_becomes_white():
    see_through = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    grey = Image.new("LA", (64, 64), (0, 0))
    palette = see_through.quantize(4)

    for picture in (see_through, grey, palette):
        assert near(
            loaded(clean_photo(saved(picture, "PNG")).full.content).getpixel((30, 30)), (255, 255, 255)
        )


def test_colours_of_another_profile_are_brought_to_srgb():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    for profile in (lab, b"no profile", srgb()):
        photo = clean_photo(saved(halves(), "PNG", icc_profile=profile))
        assert "icc_profile" not in loaded(photo.full.content).info


def bomb(side: int) -> bytes:
    """Return a PNG of a few hundred bytes that claims to have side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(4_096)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [8_000, 60_000, 2_000_000_000])
def test_too_many_pixels_are_refused_before_they_are_decoded(side):
    with pytest.raises(PhotoTooLarge, match="60 million pixels"):
        clean_photo(bomb(side))


def test_too_many_bytes_are_refused():
    with pytest.raises(PhotoTooLarge, match="1 MB"):
        clean_photo(saved(halves()) + bytes(1_000_000), most_bytes=1_000_000)


@pytest.mark.parametrize(
    "uploaded",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0",
        saved(halves())[:600],
        saved(halves(), "PNG")[:60],
        saved(halves(), "BMP"),
        saved(halves(), "TIFF"),
        saved(halves((7, 400))),
        bomb(1_000),
    ],
)
def test_what_is_no_picture_is_refused(uploaded):
    with pytest.raises(BadPhoto):
        clean_photo(uploaded)


SEEDS = list(odd_uploads().values())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8))
def test_a_damaged_file_gives_a_clean_picture_or_is_refused(seed, damages):
    damaged = bytearray(seed)
    for place, byte in damages:
        damaged[place % len(damaged)] = byte
    try:
        photo = clean_photo(bytes(damaged))
    except (BadPhoto, PhotoTooLarge):
        return
    assert everything_written(photo.full.content) == {"exif": {}, "info": {}}
