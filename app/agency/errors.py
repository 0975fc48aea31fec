"""What can go wrong on the agency's machine, as sentences for the person who sits at it."""


class AgencyError(Exception):
    """The ceremony was asked for something it cannot do; the message says what to do instead."""


class WrongPassphrase(AgencyError):
    """The root key's file did not open."""


class Suspicious(AgencyError):
    """The ceremony looked at something and it is not what it should be: the agency must ask why.

    A request that was changed on the way, a fingerprint that differs, a directory that does not
    verify.
    """
