"""What somebody sends as a file: how large, of which kind by what it holds, under which name.

Nothing is believed of a file: neither the end of its name nor the type a browser gives it. What is
kept is kept under a name of ours, outside of what the web server serves (ASVS 5.0, chapter 5).
"""

import re
import unicodedata
from enum import StrEnum, auto
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from exchange.errors import Invalid

MEGABYTE = 1024 * 1024
# One file; the whole request may be a little larger (MAX_CONTENT_LENGTH).
LARGEST = 10 * MEGABYTE
# A table packed to 10 MB holds some 100 MB; one that unpacks to more is made to do harm.
LARGEST_UNPACKED, MOST_MEMBERS = 200 * MEGABYTE, 2_000
LONGEST_NAME = 120
NOTHING = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
# Names that Windows takes for devices.
DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class Kind(StrEnum):
    """What a file is, by what it holds."""

    jpeg = auto()
    png = auto()
    webp = auto()
    xlsx = auto()
    xml = auto()
    text = auto()


PICTURES = (Kind.jpeg, Kind.png, Kind.webp)
TABLES = (Kind.xlsx, Kind.xml, Kind.text)
RECORDS = (Kind.xml, Kind.text)
# What files of other kinds begin with, that would pass for text.
STRANGERS = (b"%PDF", b"MZ", b"\x7fELF", b"PK", b"Rar!", b"#!", b"{\\rtf", b"GIF8", b"\x1f\x8b")
BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")


def kind_of(content: bytes) -> Kind | None:
    """What ``content`` is; None for what nobody here takes."""
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.jpeg
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.png
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Kind.webp
    if content.startswith(b"PK\x03\x04"):
        return Kind.xlsx if _is_workbook(content) else None
    return _kind_of_text(content)


def _is_workbook(content: bytes) -> bool:
    """Whether a ZIP is a workbook that unpacks to a size that can be read, without macros."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            members = packed.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    names = {one.filename for one in members}
    small = len(members) <= MOST_MEMBERS
    small = small and sum(one.file_size for one in members) <= LARGEST_UNPACKED
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return small and not macros and {"[Content_Types].xml", "xl/workbook.xml"} <= names


def _kind_of_text(content: bytes) -> Kind | None:
    if content.startswith(STRANGERS):
        return None
    if b"\x00" in content and not content.startswith(BYTE_ORDER):
        return None
    begin = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return Kind.xml if begin == b"<" else Kind.text


def require(field: str, content: bytes, kinds: tuple[Kind, ...], refused: str) -> Kind:
    """Refuse what is too large or of another kind.

    :param refused: the code of what is said of another kind.
    :raises Invalid: ``upload_large``, ``upload_empty``, or ``refused``.
    """
    if not content:
        raise Invalid(field, "upload_empty")
    if len(content) > LARGEST:
        raise Invalid(field, "upload_large", most=LARGEST // MEGABYTE)
    found = kind_of(content)
    if found not in kinds:
        raise Invalid(field, refused)
    return found


def safe_name(name: str) -> str:
    """``name`` as it may be shown and offered for download: no folder, no control or direction
    characters, not hidden, not a device; "file" when nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    clean = NOTHING.sub("_", last).strip(" ._")
    if DEVICES.match(clean):
        clean = f"_{clean}"
    stem, dot, end = clean.rpartition(".")
    if dot and len(end) <= 10:
        return f"{stem[: LONGEST_NAME - len(end) - 1]}.{end}"
    return clean[:LONGEST_NAME] or "file"
