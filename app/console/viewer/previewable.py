"""Which files have a preview, by what type or name says; what they are is found out elsewhere.

Pure. A type is what the sender's browser said, so it only chooses the decoder that will refuse it.
"""

from enum import StrEnum

FILE_MAX = 200 * 1024**2


class Kind(StrEnum):
    """A way to be shown. Each but PICTURE, DOCUMENT and TEXT needs a converter of this machine."""

    PICTURE = "picture"
    PHONE_PICTURE = "phone-picture"
    DOCUMENT = "document"
    TEXT = "text"
    OFFICE = "office"
    SOUND = "sound"
    FILM = "film"


PICTURES = frozenset(
    ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff")
)
_PHONE_PICTURES = frozenset(("image/heic", "image/heif", "image/avif"))
_OFFICE_TYPES = (
    *("application/msword", "application/rtf", "text/rtf", "application/vnd.ms-excel"),
    *("application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument."),
    "application/vnd.oasis.opendocument.",
)
_TEXTS = frozenset(("application/json", "application/xml", "message/rfc822"))
_ENDINGS = {
    Kind.PICTURE: ("jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff"),
    Kind.PHONE_PICTURE: ("heic", "heif", "avif"),
    Kind.DOCUMENT: ("pdf",),
    Kind.TEXT: ("txt", "csv", "md", "log", "json", "xml", "eml", "vcf", "html", "htm"),
    Kind.OFFICE: ("doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "ppt", "pptx", "odp"),
    Kind.SOUND: ("mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "amr", "weba"),
    Kind.FILM: ("mp4", "mov", "m4v", "webm", "mkv", "avi", "3gp", "mpg", "mpeg"),
}
PICTURE_KINDS = (Kind.PICTURE, Kind.PHONE_PICTURE)
CONVERTED = frozenset((Kind.PHONE_PICTURE, Kind.OFFICE, Kind.SOUND, Kind.FILM))
_BY_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}


def kind_of(type_: str, name: str, size: int) -> Kind | None:
    """Return the kind; None for what is not shown: unknown, empty, or more than FILE_MAX bytes."""
    if not 0 < size <= FILE_MAX:
        return None
    said = type_.split(";")[0].strip().lower()
    if said in PICTURES:
        return Kind.PICTURE
    if said in _PHONE_PICTURES:
        return Kind.PHONE_PICTURE
    if said == "application/pdf":
        return Kind.DOCUMENT
    if said.startswith(_OFFICE_TYPES):
        return Kind.OFFICE
    if said.startswith("text/") or said in _TEXTS:
        return Kind.TEXT
    if said.startswith("audio/"):
        return Kind.SOUND
    if said.startswith("video/"):
        return Kind.FILM
    if said in ("", "application/octet-stream"):
        return _BY_ENDING.get(name.rpartition(".")[2].lower())
    return None
