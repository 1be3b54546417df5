"""Small pictures of attached photos, drawn anew so that nothing hidden in a file reaches a page."""

from io import BytesIO
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from andon.records.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE = 480
MOST_PIXELS = 60_000_000
"""More than any phone takes; a file that claims more is a bomb."""


def thumbnail(path: Path) -> bytes:
    """Return a picture file, upright and small, as JPEG; anything else is refused."""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused.because(_("This picture is too large to be shown."))
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            buffer = BytesIO()
            small.convert("RGB").save(buffer, "JPEG", quality=80)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise Refused.because(_("This file is not a picture that can be shown.")) from error
    return buffer.getvalue()
