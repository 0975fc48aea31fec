"""A form with one file in it (multipart/form-data, RFC 7578), as a page without script sends it.

Fields come first, so that the session's token is checked before anything of the file is read; the
file passes through piece by piece and is never spooled. Frameworks write it to a temporary file.
"""

import email
from collections.abc import AsyncIterator
from typing import Annotated

import anyio.from_thread
from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from app.console.errors import ConsoleError
from app.console.web.requests import check_csrf, signed_in

FIELDS_MAX = 64 * 1024
"""Of all that stands before the file."""
_HEADERS_END = b"\r\n\r\n"


class NoFile(ConsoleError):
    """The form holds no file, or ends before it does."""


class SentFile:
    """The file, to be read in a worker thread, and the ``fields`` before it."""

    def __init__(self, pieces: AsyncIterator[bytes], boundary: bytes) -> None:
        self.fields: dict[str, str] = {}
        self._pieces = pieces
        self._delimiter = b"\r\n--" + boundary
        # The first delimiter has no line before it.
        self._rest = b"\r\n"
        self._left = FIELDS_MAX
        self._whole = False

    async def begin(self) -> None:
        """Read the fields, up to the file. Raises NoFile."""
        await self._until(self._delimiter)
        while True:
            said = email.message_from_bytes((await self._until(_HEADERS_END)).lstrip(b"\r\n"))
            if said.get_param("filename", header="content-disposition") is not None:
                return
            name = said.get_param("name", header="content-disposition")
            value = await self._until(self._delimiter)
            self.fields[str(name)] = value.decode("utf-8", "replace")

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes; empty at the file's end. Raises NoFile if cut off."""
        while not self._whole:
            at = self._rest.find(self._delimiter)
            # What may be the delimiter's beginning waits for what comes after it.
            safe = at if at >= 0 else len(self._rest) - len(self._delimiter) + 1
            if safe > 0:
                taken = self._rest[:safe] if size < 0 else self._rest[: min(size, safe)]
                self._rest = self._rest[len(taken) :]
                return taken
            if at == 0:
                self._whole = True
                break
            anyio.from_thread.run(self._more)
        return b""

    def drain(self) -> None:
        """Read what is left to nowhere: a browser hears no answer before it has sent all."""
        while anyio.from_thread.run(self._next) is not None:
            pass

    async def _until(self, mark: bytes) -> bytes:
        while (at := self._rest.find(mark)) < 0:
            if len(self._rest) > self._left:
                raise NoFile("This is more text than the form holds.")
            await self._more()
        found, self._rest = self._rest[:at], self._rest[at + len(mark) :]
        self._left -= len(found)
        return found

    async def _more(self) -> None:
        piece = await self._next()
        if piece is None:
            raise NoFile("No whole file came. Choose it again.")
        self._rest += piece

    async def _next(self) -> bytes | None:
        try:
            return await anext(self._pieces, None)
        except ClientDisconnect:
            return None


async def our_file(request: Request) -> SentFile:
    """Return the file of a signed-in session's form. Raises NotSignedIn, NotOurForm, NoFile."""
    signed_in(request)
    said = email.message_from_string(f"content-type: {request.headers.get('content-type', '')}")
    boundary = said.get_boundary() if said.get_content_type() == "multipart/form-data" else None
    if boundary is None:
        check_csrf(request, "")
        raise NoFile("Choose a file.")
    sent = SentFile(request.stream().__aiter__(), boundary.encode("latin-1", "replace"))
    try:
        await sent.begin()
    finally:
        check_csrf(request, sent.fields.get("csrf", ""))
    return sent


OurFile = Annotated[SentFile, Depends(our_file)]
