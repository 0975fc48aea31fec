"""A form with one file in it (multipart/form-data, RFC 7578), as a page without script sends it.

Fields come first, so that the session's token is checked before anything of the file is looked at;
the file passes through piece by piece and is never spooled. Frameworks write it to a temporary
file; of their parser this takes the part that is pushed bytes and says what they are.
"""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Annotated

import anyio.from_thread
from fastapi import Depends, Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from app.console.errors import ConsoleError
from app.console.web.requests import check_csrf, signed_in
from app.sentences.translatable import say

FIELDS_MAX = 64 * 1024
"""Of all that stands before the file."""
BOUNDARY_MAX = 70
"""RFC 2046, 5.1.1."""
_PART_BYTES = 64
"""What a part counts beside its headers and its value."""


class NoFile(ConsoleError):
    """The form holds no file, or ends before it does."""


class SentFile:
    """The file, to be read in a worker thread, and the ``fields`` before it."""

    def __init__(self, pieces: AsyncIterator[bytes], boundary: bytes) -> None:
        self.fields: dict[str, str] = {}
        self._pieces = pieces
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_part_end": self._part_ends,
            },
        )
        # It would write to the terminal what it stumbles over, which is what somebody sent.
        self._parser.logger = logging.Logger("form", logging.CRITICAL + 1)
        self._left = FIELDS_MAX
        self._header, self._value = bytearray(), bytearray()
        self._names: dict[bytes, bytes] = {}
        self._held = bytearray()
        """Of the part that is under way: a field's value so far, the file's bytes not yet read."""
        self._in_file = self._whole = False

    async def begin(self) -> None:
        """Read the fields, up to the file. Raises NoFile."""
        while not self._in_file:
            await self._more()

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes; empty at the file's end. Raises NoFile if cut off."""
        while not self._held and not self._whole:
            anyio.from_thread.run(self._more)
        taken = bytes(self._held if size < 0 else self._held[:size])
        del self._held[: len(taken)]
        return taken

    def drain(self) -> None:
        """Read what is left to nowhere: a browser hears no answer before it has sent all."""
        while anyio.from_thread.run(self._next) is not None:
            pass

    async def _more(self) -> None:
        piece = await self._next()
        if piece is None:
            raise NoFile(say("No whole file came. Choose it again."))
        try:
            self._parser.write(piece)
        except FormParserError:
            raise NoFile(say("No whole file came. Choose it again.")) from None

    async def _next(self) -> bytes | None:
        try:
            return await anext(self._pieces, None)
        except ClientDisconnect:
            return None

    def _part_begins(self) -> None:
        self._names = {}
        self._count(_PART_BYTES)

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._count(end - start)
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._count(end - start)
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, self._names = parse_options_header(bytes(self._value))
        self._header, self._value = bytearray(), bytearray()

    def _headers_end(self) -> None:
        self._in_file = self._in_file or b"filename" in self._names

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._count(end - start)
        if not self._whole:
            self._held += data[start:end]

    def _part_ends(self) -> None:
        if self._in_file:
            self._whole = True
            return
        name = self._names.get(b"name", b"").decode("utf-8", "replace")
        self.fields[name] = self._held.decode("utf-8", "replace")
        self._held.clear()

    def _count(self, size: int) -> None:
        self._left -= 0 if self._in_file else size
        if self._left < 0:
            raise NoFile(say("This is more text than the form holds."))


async def our_file(request: Request) -> SentFile:
    """Return the file of a signed-in session's form. Raises NotSignedIn, NotOurForm, NoFile."""
    signed_in(request)
    return await sent_file(request, check_csrf)


async def sent_file(request: Request, check: Callable[[Request, str], None]) -> SentFile:
    """Return the file of a form whose token ``check`` has seen. Raises NoFile, and as that does."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"") if kind == b"multipart/form-data" else b""
    if not 0 < len(boundary) <= BOUNDARY_MAX:
        check(request, "")
        raise NoFile(say("Choose a file."))
    sent = SentFile(request.stream().__aiter__(), boundary)
    try:
        await sent.begin()
    finally:
        check(request, sent.fields.get("csrf", ""))
    return sent


OurFile = Annotated[SentFile, Depends(our_file)]
