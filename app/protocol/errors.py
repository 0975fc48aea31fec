"""What can go wrong in QL1: one root, few classes, one sentence each.

No message ever contains a secret or the bytes that were refused.
"""


class ProtocolError(ValueError):
    """Root of everything QL1 refuses."""


class WrongLength(ProtocolError):
    """Something has another size than its format allows."""


class BadPoint(ProtocolError):
    """A ristretto255 point is not canonical, or is the identity (spec: group)."""


class BadSignature(ProtocolError):
    """An Ed25519 signature does not verify."""


class BadBundle(ProtocolError):
    """A bundle or a bundles file does not fit the directory it names."""


class BadLine(ProtocolError):
    """A line file is damaged, of an unknown version, or another kind of file."""


class BadDirectory(ProtocolError):
    """A directory is malformed, of an unknown version, or not signed by this line."""


class BadSite(ProtocolError):
    """A site's manifest is malformed, of an unknown version, or another line's."""


class ExpiredDirectory(ProtocolError):
    """A directory is past its grace period."""


class LooksOld(ProtocolError):
    """By the device's clock what a line shows is of the past: to be told, and not more."""


class CannotOpen(ProtocolError):
    """A ciphertext was not made for these keys, or was changed on the way."""


class BadBody(ProtocolError):
    """A message body is too long or is not a QL1 body."""


class NewerBody(BadBody):
    """A message body is of a version that this program does not know."""


class BadWork(ProtocolError):
    """A challenge for work is of another form, asks too much, or was given up."""


class BadProof(ProtocolError):
    """A text is no request for the proof of a letter, or no proof."""


class BadTransfer(ProtocolError):
    """An invitation or a transfer file is damaged, of an unknown version, or not for these keys."""


class BadReceipt(ProtocolError):
    """A receipt code cannot be read.

    ``position`` counts from 1 and says which word or number is wrong, when one is;
    ``suggestions`` are near words of the same list. They help the person who typed and are
    never to be logged.
    """

    def __init__(
        self,
        sentence: str,
        *,
        position: int | None = None,
        word: str | None = None,
        suggestions: tuple[str, ...] = (),
    ) -> None:
        super().__init__(sentence)
        self.position = position
        self.word = word
        self.suggestions = suggestions
