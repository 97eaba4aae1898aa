"""Photos of contributions in the storage of files: the full picture and its smaller versions, under one name."""

from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tandem.participation.adapters.photo import THUMBNAIL_SIDES_PX, clean_photo

FULL = "full"
SIZES = (FULL, *(str(side) for side in THUMBNAIL_SIDES_PX))


def keep_photo(uploaded: bytes) -> str:
    """Keep a photo without anything but the picture, and return the name that all its sizes share.

    Raises:
        BadPhoto: It is no picture that can be used.
        PhotoTooLarge: It has more bytes or pixels than are taken.
    """
    photo = clean_photo(uploaded)
    name = f"participation/photos/{uuid4()}"
    default_storage.save(f"{name}/{FULL}.jpg", ContentFile(photo.full.content))
    for each in photo.thumbnails:
        side = max(each.width_px, each.height_px)
        default_storage.save(f"{name}/{side}.jpg", ContentFile(each.content))
    return name


def photo_file(name: str, size: str) -> str:
    """Return where one size of a photo is stored; the full one where there is no such size of it."""
    wanted = f"{name}/{size}.jpg"
    return wanted if default_storage.exists(wanted) else f"{name}/{FULL}.jpg"


def drop_photo(name: str) -> None:
    """Remove a photo in all its sizes; nothing happens where it is not there."""
    for size in SIZES:
        default_storage.delete(f"{name}/{size}.jpg")
