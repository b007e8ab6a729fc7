"""An image is known again after what happens to images on their way, and a hostile file is refused before it is unpacked."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from moderation.scanning import image_hashing
from moderation.scanning.image_hashing import CUT_OFF, ImageRefused, image_hash

ORIENTATION = 0x0112


def make_image(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """Soft shapes in colour, different for every seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def written(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def distance(one: bytes, other: bytes) -> int:
    return (image_hash(one) ^ image_hash(other)).bit_count()


COPIES = {
    "the same pixels in another format": lambda image: written(image, "WEBP", lossless=True),
    "much compressed": lambda image: written(image, "JPEG", quality=30),
    "smaller": lambda image: written(image.resize((97, 73))),
    "larger": lambda image: written(image.resize((1600, 1200)), "JPEG"),
    "brighter": lambda image: written(ImageEnhance.Brightness(image).enhance(1.1)),
    "grey": lambda image: written(image.convert("L")),
    "in few colours": lambda image: written(image.quantize(64), "GIF"),
    "with a transparent layer": lambda image: written(image.convert("RGBA")),
}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_is_known_again(copy: str) -> None:
    image = make_image(1)
    assert distance(written(image), COPIES[copy](image)) <= CUT_OFF


def test_different_images_are_far_apart() -> None:
    hashes = [image_hash(written(make_image(seed))) for seed in range(40)]
    distances = [(a ^ b).bit_count() for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(distances) > CUT_OFF
    assert 28 <= np.median(distances) <= 36


def test_an_image_is_read_as_it_is_shown() -> None:
    image = make_image(2)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    turned = written(image.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)
    assert distance(written(image), turned) <= CUT_OFF
    assert distance(written(image), written(image.transpose(Image.Transpose.ROTATE_90))) > CUT_OFF


def test_what_is_transparent_is_white() -> None:
    image = make_image(3).convert("RGBA")
    image.paste((0, 0, 0, 0), (100, 60, 220, 180))
    filled = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    assert distance(written(image), written(filled)) <= CUT_OFF


def test_the_hash_is_made_in_the_same_way_for_ever() -> None:
    ramp = np.add.outer(np.arange(64) ** 2 % 251, np.arange(64) * 3 % 199).astype(np.uint8)
    assert (image_hash(written(Image.fromarray(ramp))) ^ 0x41386999F43FBD3).bit_count() <= 1


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [
        bomb(7_000, 7_000),
        bomb(12_000, 12_000),
        bomb(60_000, 60_000),
        bomb(100, 100),
        b"",
        b"no image at all",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        written(make_image(4), "JPEG")[:900],
        written(make_image(4), "TIFF"),
        written(Image.new("RGB", (200, 200), "grey")),
        written(Image.new("RGB", (1, 1))),
    ],
    ids=[
        "over the limit",
        "over a warning of Pillow",
        "over its limit",
        "cut off",
        "empty",
        "text",
        "SVG",
        "half a JPEG",
        "a format that nobody uploads",
        "one colour",
        "one pixel",
    ],
)
def test_what_cannot_be_hashed_is_refused(content: bytes) -> None:
    with pytest.raises(ImageRefused):
        image_hash(content)


def test_a_huge_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_hashing, "MOST_BYTES", 100)
    with pytest.raises(ImageRefused, match="larger than 100 bytes"):
        image_hash(written(make_image(5)))
