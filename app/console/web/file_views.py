"""A file as pages show it: what it is, whether it is here, what can be done with it."""

import re
from dataclasses import dataclass

from app.console.rules import wording
from app.console.vault.attachments import hash_lists
from app.console.vault.attachments.files import File, FileState
from app.console.viewer.previewable import Kind, kind_of
from app.sentences.translatable import say, say_as

_SHOW = {
    Kind.PICTURE: say("Show picture"),
    Kind.PHONE_PICTURE: say("Show picture"),
    Kind.DOCUMENT: say("Show pages"),
    Kind.TEXT: say("Show text"),
    Kind.OFFICE: say("Show pages"),
    Kind.SOUND: say("Show waveform"),
    Kind.FILM: say("Show frames"),
}
_ICONS = {Kind.SOUND: "sound", Kind.FILM: "film"}
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_FORMATS = {
    "application/pdf": "PDF",
    "application/msword": "Word (DOC)",
    "application/vnd.ms-excel": "Excel (XLS)",
    "application/vnd.ms-powerpoint": "PowerPoint (PPT)",
    f"{_OPEN_XML}wordprocessingml.document": "Word (DOCX)",
    f"{_OPEN_XML}spreadsheetml.sheet": "Excel (XLSX)",
    f"{_OPEN_XML}presentationml.presentation": "PowerPoint (PPTX)",
    f"{_OPEN_DOCUMENT}text": "OpenDocument (ODT)",
    f"{_OPEN_DOCUMENT}spreadsheet": "OpenDocument (ODS)",
    f"{_OPEN_DOCUMENT}presentation": "OpenDocument (ODP)",
    "application/zip": "ZIP",
    "text/plain": "TXT",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "image/avif": "AVIF",
    "audio/aac": "AAC",
    "audio/amr": "AMR",
    "audio/mp4": "M4A",
    "audio/mpeg": "MP3",
    "audio/ogg": "OGG",
    "audio/wav": "WAV",
    "video/3gpp": "3GP",
    "video/mp4": "MP4",
    "video/quicktime": "MOV",
    "video/webm": "WebM",
}
"""What people call a format, in every language."""
_A_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class FileView:
    """A file under a message."""

    id: int
    name: str
    type: str
    size: str
    sha256: str | None
    metadata: str
    show_words: str
    """What a link says by which it is shown; empty if there is no preview."""
    picture: bool
    blurred_first: bool
    """Whether it is opened, to a few pixels, without being asked."""
    icon: str
    can_run: bool
    here: bool
    listed: bool
    """Whether it is in a list of hashes: nothing is offered that would open it."""
    state: str
    problem: str | None
    by_hand: str | None
    """What a button says by which the investigator asks for it, if that helps."""


def file_view(file: File) -> FileView:
    """Return a file as pages show it: what it is, whether it is here, what can be done."""
    here = file.state in (FileState.HERE, FileState.LOCAL, FileState.SENT) and not file.listed
    words = {
        FileState.WANTED: say(
            "Being fetched, {have} of {chunks} parts", have=file.have, chunks=file.chunks
        ),
        FileState.HELD: say("Not fetched"),
        FileState.MISSING: say("Not wholly here"),
        FileState.BROKEN: say("Not usable"),
        FileState.HERE: say("Here, unchanged since the reporter chose it"),
        FileState.LOCAL: say("Encrypted, waits to be sent"),
        FileState.SENT: say_as("file", "Sent"),
    }
    kind = kind_of(file.type, file.name, file.size) if here else None
    return FileView(
        id=file.id,
        name=file.name,
        type=_format(file.type),
        size=wording.size(file.size),
        sha256=file.sha256,
        metadata=wording.metadata_choice(file.metadata),
        show_words=_SHOW[kind] if kind else "",
        picture=kind is Kind.PICTURE,
        blurred_first=kind in (Kind.PICTURE, Kind.DOCUMENT),
        icon=_ICONS.get(kind, "file") if kind else "file",
        can_run=wording.can_run(file.name),
        here=here,
        listed=bool(file.listed),
        state=say("Not opened") if file.listed else words[file.state],
        problem=hash_lists.words(file.listed) if file.listed else file.problem,
        by_hand=_by_hand(file),
    )


def _format(said: str) -> str:
    """Return what a format is called; a type that people have no name for, as it was sent.

    Other words of a sender would stand before the console's own, in one line with them.
    """
    type_ = said.split(";")[0].strip().lower()
    if type_ == _UNKNOWN or not _A_TYPE.fullmatch(type_):
        return say("Unknown format")
    return _FORMATS.get(type_, type_)


def _by_hand(file: File) -> str | None:
    if file.state is FileState.HELD:
        return say("Fetch this file")
    failed = file.state in (FileState.MISSING, FileState.BROKEN) and file.failures > 0
    return say("Try again") if failed else None
