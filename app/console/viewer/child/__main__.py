"""Load, give up rights, read the file, answer: in this order, whatever is asked."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.console.viewer.child import request, rights
from app.console.viewer.child.request import Request

INPUT_MAX = 256 * 1024**2


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of file becomes an answer.

    ``prepare`` loads what is needed; ``convert``, if any, has a converter at work, within the
    sandbox; ``finish`` decodes and draws with every right gone.
    """

    prepare: Callable[[], Any]
    finish: Callable[[Any, Request, Any], bytes]
    convert: Callable[[bytes, Request], Any] | None = None


def way(ask: Request) -> Way:
    """Load the decoder of this kind, and no other. Raises NotOfThisKind."""
    if ask.action == "play":
        return _to_play(ask.kind)
    if ask.action in ("translate", "guess"):
        return _to_translate(ask.action)
    return _to_show(ask.kind) if ask.action == "show" else _to_read(ask.kind)


def _to_show(kind: str) -> Way:
    if kind == "picture":
        from app.console.viewer.child import images

        return Way(images.prepare, lambda data, ask, _: request.pixels(*images.draw(data, ask)))
    if kind == "phone-picture":
        from app.console.viewer.child import images, phone_picture

        return Way(
            images.prepare,
            lambda jpeg, ask, _: request.pixels(*images.draw(jpeg, ask)),
            phone_picture.to_jpeg,
        )
    if kind in ("document", "office"):
        from app.console.viewer.child import documents, office

        return Way(
            documents.prepare,
            lambda data, ask, _: request.pixels(*documents.draw(data, ask)),
            office.to_pdf if kind == "office" else None,
        )
    if kind == "text":
        from app.console.viewer.child import lettering

        return Way(
            lettering.prepare,
            lambda data, ask, fonts: request.pixels(*lettering.draw(data, ask, fonts)),
        )
    if kind == "sound":
        from app.console.viewer.child import sound

        return Way(
            sound.prepare,
            lambda heard, ask, font: request.pixels(*sound.draw(heard, ask, font)),
            sound.samples,
        )
    if kind == "film":
        from app.console.viewer.child import film

        return Way(
            film.prepare, lambda made, ask, _: request.pixels(*film.draw(made, ask)), film.frames
        )
    raise request.NotOfThisKind


def _to_play(kind: str) -> Way:
    if kind in ("sound", "film"):
        from app.console.viewer.child import playing

        return Way(lambda: None, lambda heard, *_: request.sound(*heard), playing.part)
    raise request.NotOfThisKind


def _to_translate(action: str) -> Way:
    from app.console.viewer.child import translating

    if action == "guess":
        return Way(
            translating.guesser,
            lambda data, _, loaded: request.words(translating.guessed(data, loaded)),
        )
    return Way(
        translating.engine,
        lambda data, _, loaded: request.words(translating.translated(data, loaded)),
    )


def _to_read(kind: str) -> Way:
    if kind == "document":
        from app.console.viewer.child import documents

        return Way(documents.prepare, lambda data, *_: request.words(documents.text(data)))
    if kind == "picture":
        from app.console.viewer.child import character_recognition, images

        return Way(
            images.prepare, lambda text, *_: request.words(text), character_recognition.recognised
        )
    if kind in ("text", "office"):
        from app.console.viewer.child import words

        taken = words.plain if kind == "text" else words.office
        return Way(words.prepare, lambda data, *_: request.words(taken(data)))
    raise request.NotOfThisKind


def main(arguments: list[str]) -> int:
    """Answer on standard output; return the exit code."""
    ask = Request.read(arguments)
    how = way(ask)
    ready = how.prepare()
    sandboxed = bool(os.environ.get("QUIETLINE_SANDBOX"))
    converting = how.convert is not None
    rights.set_limits(converter=converting, small=ask.small)
    if not converting:
        rights.apply_seccomp(reading=sandboxed)
    try:
        given: Any = sys.stdin.buffer.read(INPUT_MAX + 1)
        if len(given) > INPUT_MAX:
            return request.TooLarge.code
        if how.convert is not None:
            given = how.convert(given, ask)
            rights.apply_seccomp(reading=sandboxed)
        answer = how.finish(given, ask, ready)
    except request.Refusal as refusal:
        return refusal.code
    except MemoryError:
        return request.TooLarge.code
    except Exception:
        # Whatever a decoder trips over is the file's fault; the console has a sentence for it.
        return request.Refusal.code
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Without the interpreter's farewell: it would want files that can no longer be opened.
    os._exit(code)
