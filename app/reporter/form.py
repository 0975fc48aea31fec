"""The intake as data, for clients that are no browser: ``{language}/form.json`` in the signed site.

It holds what the pages ask and say, in one language, so that ``quietline report`` asks an agency's
own questions in every language of its site and carries no texts of its own. Its hash stands in the
manifest like that of every file (docs/spec/site.md, the form).
"""

import json
import re

from app.protocol.encoding import read_json
from app.protocol.errors import ProtocolError
from app.reporter.catalogue import Catalogue
from app.reporter.content import LocalContent
from app.reporter.errors import ContentError
from app.reporter.questions import ANSWERS, TEXT, Question

FORM = "form.json"
VERSION = 1
_NOT_ISO = {"uk": "GB"}


def form(catalogue: Catalogue, local: LocalContent, line_name: str) -> bytes:
    """Return form.json of one language. Raises SiteError where a translation is missing."""
    value = {
        "v": VERSION,
        "lang": catalogue.language.tag,
        "words": catalogue.language.word_list,
        "emergency": [
            {"id": one.id, "number": one.number, "country": one.country} for one in local.emergency
        ],
        "questions": [_question(catalogue, each) for each in local.questions],
        "phrases": _phrases(catalogue, line_name),
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{text}\n".encode()


def labels(data: bytes) -> dict[str, tuple[str, dict[str, str]]]:
    """Return what the ids in answers stand for, of a form.json, by question id.

    Each is (text, option id → text).

    For those who read reports (``question_labels`` is the same for the content that comes with this
    program). Raises ContentError.
    """
    try:
        value = read_json(data)
        if value["v"] != VERSION:
            raise ContentError("The line's form is of a version that this program does not know.")
        return {
            str(one["id"]): (
                str(one["text"]),
                {str(id_): str(text) for id_, text in one["options"]},
            )
            for one in value["questions"]
        }
    except (ProtocolError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, ContentError):
            raise
        raise ContentError("The line's form cannot be read.") from None


def regions(data: bytes) -> tuple[str, ...]:
    """Return the countries (ISO 3166, two letters) of a form.json's emergency numbers, in order.

    Those whose id is a country's two letters; uk is GB. Raises ContentError.
    """
    try:
        ids = [str(one.get("id", "")) for one in read_json(data)["emergency"]]
    except (ProtocolError, KeyError, TypeError, AttributeError):
        raise ContentError("The line's form cannot be read.") from None
    named = [_NOT_ISO.get(one, one.upper()) for one in ids]
    return tuple(dict.fromkeys(one for one in named if re.fullmatch(r"[A-Z]{2}", one)))


def _question(catalogue: Catalogue, question: Question) -> dict[str, object]:
    _ = catalogue.gettext
    own = dict(zip(ANSWERS, (_("Yes"), _("No"), _("I don’t know")), strict=True))
    options = {option.id: option.text for option in question.options} or own
    return {
        "id": question.id,
        "kind": question.kind,
        "more": question.more,
        "text": question.text,
        "hint": question.hint,
        "before": question.before,
        "only_if": {name: list(wanted) for name, wanted in question.only_if.items()},
        "warn_on": question.warn_on,
        "warning": question.warning,
        "options": [] if question.kind == TEXT else [list(each) for each in options.items()],
    }


def _phrases(catalogue: Catalogue, line_name: str) -> dict[str, str]:
    """Return what the terminal says, mostly what the pages say, in the same words."""
    _ = catalogue.gettext
    who = _(
        "Only the people at %(name)s whom you choose get the key. "
        "This computer locks your message before it sends it."
    )
    choosing = _(
        "Choose one or more. Only they get the key. Even this website cannot tell whom you chose."
    )
    # Said with it by every client: choosing is consent.
    consent = _(
        "The people you choose can read everything you send. "
        "A law can make them act, for example to protect a child."
    )
    return {
        "danger": _("Are you in danger now?"),
        "danger-call": _(
            "Call the emergency number. "
            "It can take hours or days until somebody here reads what you write."
        ),
        "who-can": _("Who can read your message"),
        "who-can-why": who % {"name": line_name},
        "hidden": _("What this program cannot hide"),
        "hidden-why": _(
            "This computer may remember that you started this program. "
            "A spy app on it can see all you do. This program itself keeps nothing."
        ),
        "desks": _("Who may read it?"),
        "desks-why": f"{choosing} {consent}",
        "desk-closed": _("Closed: nobody can read messages here now."),
        "desk-always": _("Their hours: day and night."),
        "desk-hours": _("Their hours, by the clock there: {hours}."),
        "desk-languages": _("They read: {languages}."),
        "desk-tells-yes": _("They must tell immigration what they learn."),
        "desk-tells-no": _("No law makes them tell immigration."),
        "desk-tells-unknown": _("We do not know if they must tell immigration."),
        "desk-choose": _("Choose who may read it. One is enough."),
        "all-closed": _("Nobody can read messages here now. Please come back later."),
        "pick-some": _("Type the numbers of what fits, with spaces between."),
        "pick-one": _("Type the number of what fits."),
        "pick-again": _("Please type numbers from the list."),
        "skip": _("To skip, press Enter."),
        "text": _("Tell us in your own words"),
        "text-why": _(
            "Write in any language. Write only what you want to tell. "
            "You do not have to give your name."
        ),
        "text-end": _("When you are done, type a full stop on a line of its own."),
        "too-long": _("This is too long for one message. Shorten it, or send it in two parts."),
        "more": _("Answer a few more questions?"),
        "more-why": _(
            "They help us find the right people and be careful with you. You can skip "
            "each one, and stop at any time."
        ),
        "hard": _("The next question is about hard things"),
        "show": _("Show the question"),
        "files": _("Do you want to add photos or files?"),
        "files-path": _("Type where the file is on this computer. To go on, press Enter."),
        "files-as-is": _(
            "This program cannot clean files. They go as they are. "
            "They may hold names, places, times."
        ),
        "files-unreadable": _("This file cannot be read."),
        "files-too-large": _("This file is too large."),
        "files-too-many": _("These are too many files for one message. Send the rest later."),
        "review": _("Check before you send"),
        "review-who": _("Who may read it"),
        "review-words": _("Your message"),
        "review-files": _("Your files"),
        "review-empty": _("There is nothing to send yet. Write something or add a file."),
        "send": _("Send"),
        "send-not": _("Do not send"),
        "few-readers": _("Few people can read it now"),
        "few-readers-why": _(
            "At {name}, only {now} of {of} people can read this now. "
            "Somebody may be keeping the others out. "
            "You can wait and try again tomorrow, or send it now."
        ),
        "send-few": _("Send it now"),
        "desk-changed": _(
            "{name} now says something else about itself. Read it again before you send."
        ),
        "yes": _("Yes"),
        "no": _("No"),
        "again": _("Try again"),
        "stopped": _("It stopped."),
        "arrived": _("Your message has arrived. Write this code on paper, in this order."),
        "sent": _("Your message has arrived."),
        "sent-danger": _("We try to read this at once. We cannot promise it. Call if you can."),
        "code": _("Your code"),
        "code-words": _("Words"),
        "code-numbers": _("Numbers"),
        "code-same": _(
            "The words and the numbers are the same code. Write down only one kind: all "
            "12 words, or all 12 numbers. Anyone who finds it can read our answers, "
            "delete them and write as you."
        ),
        "code-once": _(
            "With this code you can read our answer and write more. We cannot give it to you again."
        ),
        "code-gone": _("When you have written it down, press Enter. It goes from the screen."),
        "code-type": _(
            "Type or paste your 12 words, or your 12 numbers. Big or small letters do not matter."
        ),
        "none": _("There is no answer yet. That is normal. Look again in a day or two."),
        "from-line": _("From us"),
        "from-left": _("From somebody who no longer works here"),
        "left-why": _(
            "This person stopped working here on {day}. They may have written this later. "
            "Before you do what it says, write and ask us."
        ),
        "unknown-kind": _("A message of a kind that this page does not know."),
        "saved": _("Saved. The file stays on this computer until you delete it."),
        "trouble-unreachable": _(
            "We cannot be reached now. What you wrote is still here. Look at your "
            "connection and try again."
        ),
        "trouble-busy": _(
            "There is no room now, or too many people are writing. What you wrote is "
            "still here. Try again soon."
        ),
        "trouble-disk-full": _(
            "There is no room for files now. You can go back, remove the files and send only text."
        ),
        "trouble-work": _("The check against spam did not work. Please try again."),
        "trouble-refused": _("This was not sent, or not all of it."),
        "trouble-no-recipient": _(
            "The people you chose cannot be reached now. Go back and choose others, or try later."
        ),
        "trouble-bad-directory": _(
            "We could not check who would read this. So nothing is sent. "
            "Do not trust this address; find the right one again."
        ),
        "trouble-expired-directory": _(
            "The list of people who read here is too old. So nothing is sent. "
            "Please call a helpline or try again on another day."
        ),
        "trouble-no-way": _("We cannot be reached now. Look at your connection and try again."),
        "trouble-crowded": _("Too many people are here now. Try again soon."),
        "trouble-no-sense": _("Something did not work here. Try again later."),
        "list-old": _(
            "By the date on this computer, {day}, the list of people who read here is too old. "
            "If that date is right, do not write here: somebody may be showing you an old list. "
            "Please call a helpline. If that date is wrong, you can go on."
        ),
        "answers-old": _(
            "By the date on this computer, {day}, the list with which we check answers is too old. "
            "If that date is right, these answers may not be from the people you wrote to."
        ),
        "reading-gone": _("When you have read it, press Enter. It goes from the screen."),
    }
