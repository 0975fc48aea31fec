"""What can go wrong when the site is rendered: one root, one sentence each."""


class SiteError(ValueError):
    """The site cannot be rendered; the message says what to put right, and where."""


class ContentError(SiteError):
    """The agency's content folder has a mistake in it."""


class MissingPart(SiteError):
    """A part that is made ahead of time (the bundle, a word list) is not there."""
