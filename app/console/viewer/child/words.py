"""The text of a file as it stands in it: plain text, and Office files' XML."""

import codecs
import io
import re
import zipfile
from xml.etree import ElementTree

from app.console.viewer.child.request import TEXT_MAX, NotOfThisKind, TooLarge

PART_MAX = 64 * 1024**2
"""Bytes of one part of an Office file, unpacked."""

PARTS_MAX = 2_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where the text is in Office Open XML (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300).
_PARTS = re.compile(
    r"word/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml"
    r"|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml|xl/comments[^/]*\.xml"
    r"|ppt/(slides|notesSlides)/[^/]+\.xml|content\.xml"
)
_PARAGRAPHS = frozenset(("p", "h", "si", "c", "row", "br", "tab", "table-cell", "line-break", "s"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def prepare() -> None:
    """Load now, while files can be opened, what is needed later."""
    for encoding in ("utf-8-sig", "utf-16", "utf-32", "cp1252", "cp437"):
        codecs.lookup(encoding)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", "<p>a</p>")
    office(empty.getvalue())


def plain(data: bytes) -> str:
    """Return a text file's text. Raises NotOfThisKind for what is none."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None and b"\0" in data[:4_096]:
        raise NotOfThisKind
    text = data[: 4 * TEXT_MAX].decode(encoding or "utf-8", "ignore" if encoding else "replace")
    if encoding is None and text.count("\ufffd") > 8:
        # Not UTF-8: the bytes most used in the West before; letters of others come out wrong.
        text = data[: 4 * TEXT_MAX].decode("cp1252", "replace")
    if len(_CONTROL.findall(text)) > len(text) // 50:
        raise NotOfThisKind
    return _CONTROL.sub("", text)


def office(data: bytes) -> str:
    """Return the text of an Office file in its XML forms. Raises NotOfThisKind, TooLarge."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise NotOfThisKind from None
    with archive:
        parts = [one for one in archive.infolist() if _PARTS.fullmatch(one.filename)]
        if not parts:
            raise NotOfThisKind
        found: list[str] = []
        length = 0
        for part in sorted(parts[:PARTS_MAX], key=lambda one: one.filename):
            if part.file_size > PART_MAX:
                raise TooLarge
            with archive.open(part) as file:
                said = _xml(file.read(PART_MAX))
            found.append(said)
            length += len(said)
            if length > TEXT_MAX:
                break
    return "\n".join(found)


class _Written:
    """Takes what is written between the tags, and where a paragraph ends (a parser's target)."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def end(self, tag: str) -> None:
        if tag.rpartition("}")[2] in _PARAGRAPHS:
            self.found.append("\n")

    def data(self, text: str) -> None:
        self.found.append(text)

    def close(self) -> str:
        return "".join(self.found)


def _xml(raw: bytes) -> str:
    # Entities that grow are held by expat, and by the limits on this process.
    parser = ElementTree.XMLParser(target=_Written())  # noqa: S314
    parser.feed(raw)
    return str(parser.close())
