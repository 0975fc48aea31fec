"""A Content-Encoding undone within bounds: a few kilobytes can unpack to gigabytes. Pure."""

from __future__ import annotations

import zlib

import brotli

_ZLIB = {"gzip": 31, "deflate": 15}


class CannotUnpack(Exception):
    """The bytes are not in the encoding that was named, or are more than was allowed."""


def unpacked(data: bytes, encoding: str, limit: int) -> bytes:
    """Return at most ``limit`` bytes out of ``data``; ``encoding`` is the header's value.

    What names another encoding, or several, is given back as it came: no file is like that. Raises
    CannotUnpack.
    """
    name = encoding.strip().lower()
    if name not in ("br", *_ZLIB):
        return data
    try:
        if name == "br":
            reader = brotli.Decompressor()
            found = reader.process(data, output_buffer_limit=limit + 1)
            ended = reader.is_finished()
        else:
            stream = zlib.decompressobj(_ZLIB[name])
            found = stream.decompress(data, limit + 1)
            ended = stream.eof
    except (brotli.error, zlib.error) as error:
        raise CannotUnpack("It is not in the encoding that it names.") from error
    if len(found) > limit or not ended:
        raise CannotUnpack("It does not unpack to a file of a line.")
    return bytes(found)
