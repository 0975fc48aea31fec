"""What can go wrong between a client and a line, as sentences for who uses the client."""


class LineError(Exception):
    """The line cannot be reached, or answers otherwise than QL1 allows; one sentence says how."""


class Unreachable(LineError):
    """No answer came: Tor, the network or the server is away, or too slow."""


class LineRefused(LineError):
    """The line answered with a problem (RFC 9457); ``name`` is its stable last part."""

    def __init__(self, name: str, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name
        self.status = status


class KeysNotTaken(LineError):
    """The investigators' own address is out of reach; the reporters' may be well."""


class NotSigned(LineError):
    """A file of the site is not the one in the manifest that the agency signed."""
