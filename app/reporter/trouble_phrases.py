"""The sentences that the page's script says when something went wrong, by key, in one language."""

from app.reporter.catalogue import Catalogue


def trouble_phrases(catalogue: Catalogue) -> dict[str, str | dict[str, str]]:
    """Return them, by key, in one language. Raises SiteError where a translation is missing."""
    _ = catalogue.gettext
    return {
        "trouble.unreachable": _(
            "We cannot be reached now. What you wrote is still here. Look at your "
            "connection and try again."
        ),
        "trouble.busy": _(
            "There is no room now, or too many people are writing. What you wrote is "
            "still here. Try again soon."
        ),
        "trouble.unreachable-reading": _(
            "We cannot be reached now. Look at your connection and try again."
        ),
        "trouble.busy-reading": _("Too many people are here now. Try again soon."),
        "trouble.work": _("The check against spam did not work. Please try again."),
        "trouble.disk-full": _(
            "There is no room for files now. You can go back, remove the files and send only text."
        ),
        "trouble.refused": _(
            "This was not sent, or not all of it. Try again. If it fails again, "
            "load the page again. Then you have to write it again."
        ),
        "trouble.few-readers": _(
            "At {name}, only {now} of {of} people can read this now. "
            "Somebody may be keeping the others out. "
            "You can wait and try again tomorrow, or send it now."
        ),
        "trouble.desk-changed": _(
            "{name} now says something else about itself. Read it again before you send."
        ),
        "trouble.stale": _("Something changed here while we were sending. Please try again."),
        "trouble.no-recipient": _(
            "The people you chose cannot be reached now. Go back and choose others, or try later."
        ),
        "trouble.bad-directory": _(
            "We could not check who would read this. So this page does not send. "
            "Do not trust this address; find the right one again."
        ),
        "trouble.expired-directory": _(
            "The list of people who read here is too old. So this page does not send. "
            "Please call a helpline or try again on another day."
        ),
        "trouble.old": _(
            "By the date on this phone, {day}, the list of people who read here is too old. "
            "If that date is right, do not write here: somebody may be showing you an old list. "
            "Please call a helpline. If that date is wrong, you can go on."
        ),
        "trouble.unknown-version": _(
            "This page is out of date. Load it again. What you wrote here is lost then. "
            "If it still does not work, come back later."
        ),
        "trouble.grace": _("The list of people who read here is a little old. You can still send."),
        "trouble.insecure": _(
            "This address is not protected (it starts with http). So nothing is sent from it. "
            "Use the address that starts with https, or the .onion address."
        ),
        "trouble.words-missing": _(
            "We cannot be reached now, so this page cannot read words. Look at your connection, "
            "or type the 12 numbers if you have them."
        ),
        "trouble.unexpected": _(
            "Something went wrong on this page. What you wrote is still here. Try again."
        ),
    }


def file_trouble_phrases(catalogue: Catalogue) -> dict[str, str | dict[str, str]]:
    """Return what can go wrong with files alone. Raises SiteError as above."""
    _ = catalogue.gettext
    return {
        "trouble.file-gone": _(
            "We can no longer read the file {name}. Remove it and choose it again."
        ),
        "trouble.file-too-large": _("{name} is larger than {limit}. Please choose a smaller file."),
        "trouble.file-too-large-slow": _(
            "{name} is larger than {limit}. Tor Browser can send larger files. Or please "
            "choose a smaller file."
        ),
        "trouble.too-many-files": _(
            "These are too many files for one message. Send the rest later."
        ),
    }
