"""The sentences that the page's script says, by key, in one language.

Screens are written in the templates; here is only what appears while the page runs: progress,
counts, and what went wrong. ``{name}`` is filled in by the script. A phrase with plural forms is
an object from CLDR category to text. A test holds these keys and those used in client/src/app
together.
"""

from app.reporter.catalogue import Catalogue
from app.reporter.trouble_phrases import file_trouble_phrases, trouble_phrases

Phrases = dict[str, str | dict[str, str]]


def client_phrases(catalogue: Catalogue) -> Phrases:
    """Return what is said on the way to "sent". Raises SiteError where a translation is missing."""
    return {**_on_the_way(catalogue), **trouble_phrases(catalogue)}


def late_phrases(catalogue: Catalogue) -> Phrases:
    """Return what is said on the screens that are loaded later. Raises SiteError as above."""
    return {
        **_on_files(catalogue),
        **file_trouble_phrases(catalogue),
        **_on_return(catalogue),
        **_on_other_ways(catalogue),
    }


def listening_phrases(catalogue: Catalogue) -> Phrases:
    """Return what is said where screens can be heard. Raises SiteError as above."""
    _ = catalogue.gettext
    return {
        "hear.listen": _("Listen"),
        "hear.stop": _("Stop"),
        "hear.size": _("To listen, this page loads {size}. On a phone this can cost data."),
        "hear.loading": _("Loading: {percent} %"),
        "hear.broken": _("The sound did not come whole. Try again."),
        "hear.changed": _("This page is out of date, so we play nothing."),
        "hear.cannot": _("This browser cannot play the sound."),
    }


def kind_names(catalogue: Catalogue) -> dict[str, str]:
    """Return what the kinds of the information pack's entries are called."""
    _ = catalogue.gettext
    return {
        "danger": _("In danger now"),
        "talk": _("Talk to somebody"),
        "place": _("A place tonight"),
        "stay": _("May I stay?"),
        "punished": _("Will I be punished?"),
        "protection": _("How your message is protected"),
        "after": _("After you write"),
    }


def _on_the_way(catalogue: Catalogue) -> Phrases:
    _ = catalogue.gettext
    plural = catalogue.plural_forms
    return {
        "exit.pressed": plural(
            "Shift pressed. Press it {count} more time to leave.",
            "Shift pressed. Press it {count} more times to leave.",
        ),
        "exit.leaving": _("Leaving this page."),
        "loading": _("One moment…"),
        "step": _("Step {number} of {total}"),
        "step.more": _("Question {number} of {total}"),
        "bytes.kilo": _("{number} kB"),
        "bytes.mega": _("{number} MB"),
        "bytes.giga": _("{number} GB"),
        "desk.closed": _("Closed: nobody can read messages here now."),
        "desk.all-closed": _("Nobody can read messages here now. Please come back later."),
        "desk.always": _("Their hours: day and night."),
        "desk.hours": _("Their hours, by the clock there: {hours}."),
        "desk.languages": _("They read: {languages}."),
        "desk.tells-yes": _("They must tell immigration what they learn."),
        "desk.tells-no": _("No law makes them tell immigration."),
        "desk.tells-unknown": _("We do not know if they must tell immigration."),
        "desk.choose": _("Choose who may read it. One is enough."),
        "text.room": plural(
            "Room for about {count} more letter.", "Room for about {count} more letters."
        ),
        "text.too-long": plural(
            "This is about {count} letter too long. Shorten it, or send it in two parts.",
            "This is about {count} letters too long. Shorten it, or send it in two parts.",
        ),
        "text.no-voice": _(
            "This browser cannot record your voice. Tor Browser keeps the microphone off, to "
            "protect you. You can write, or add photos."
        ),
        "added.voice": _("Your voice"),
        "added.files": plural("{count} file added, {size}", "{count} files added, {size}"),
        "files.looking": _("Looking for hidden details…"),
        "review.who": _("Who may read it"),
        "review.words": _("Your message"),
        "review.no-words": _("You wrote nothing."),
        "review.files": _("Your files"),
        "review.no-files": _("No files."),
        "review.skipped": _("Not answered."),
        "review.more": _("A few more questions"),
        "review.change": _("Change"),
        "review.change-what": _("Change: {what}"),
        "review.empty": _("There is nothing to send yet. Write something or add a file."),
        "sending.start": _("Getting ready…"),
        "sending.file": _("Locking and sending file {number} of {total}: {name}"),
        "sending.file-detail": _("{done} of {size}, {percent} %"),
        "sending.locking": _("Locking your message: {number} of {total}"),
        "sending.working": _("Getting ready to send: {percent} %"),
        "sending.working-long": _(
            "Many people are writing. So getting ready takes longer: at most {minutes} min more. "
            "Keep this page open. {percent} %"
        ),
        "sending.handing": _("Sending your message…"),
        "sending.stopped": _("It stopped."),
        "sending.paused": _("Paused. What was sent so far stays there."),
        "sending.again": _("Try again"),
        "sending.few": _("Few people can read it now"),
        "sending.now": _("Send it now"),
        "sending.reread": _("Look again"),
        "sending.go-on": _("Go on"),
        "sending.left": plural("About {count} minute is left.", "About {count} minutes are left."),
        "code.words": _("Your code: 12 words"),
        "code.numbers": _("Your code: 12 numbers"),
        "code.look": _("Number 12 is here. Write it down too, then press the button again."),
        "code.only-numbers": _(
            "We cannot be reached now, so the words are missing. These numbers are the same code."
        ),
        "code.copied": _(
            "Copied. This phone can keep the code, even after you copy something else. "
            "Paper is safer."
        ),
        "code.not-copied": _("This browser does not allow copying. Please write it down."),
        "try.word": _("Word number {number}"),
        "try.number": _("Number {number}"),
        "try.wrong": _("That is not the same. Look at your paper, or see the code again."),
        "days": plural(
            "An answer stays here for about {count} day. Then it is deleted.",
            "An answer stays here for about {count} days. Then it is deleted.",
        ),
    }


def _on_files(catalogue: Catalogue) -> Phrases:
    _ = catalogue.gettext
    return {
        "files.remove": _("Remove {name}"),
        "files.place": _("Place in it: {place}"),
        "files.time": _("Time in it: {time}"),
        "files.device": _("Phone or camera: {device}"),
        "files.author": _("Name in it: {name}"),
        "files.other": _("It has other hidden details."),
        "files.tells-nothing": _("We found no place, time or device in it."),
        "files.clean": _("Clean copy"),
        "files.clean-why": _("Place, time, device and the file’s name are taken out."),
        "files.clean-office-why": _(
            "Writers’ names and dates are taken out, also in comments and changes. "
            "The text itself stays."
        ),
        "files.original": _("Original"),
        "files.original-why": _(
            "It can show who you are. The people who read it may need it to prove where "
            "and when it was taken."
        ),
        "files.cannot-clean": _(
            "We cannot clean this kind of file. It goes as it is. It may hold names, places, times."
        ),
        "files.look-again": _("Try again"),
        "files.cannot-clean-pdf": _(
            "We cannot clean this PDF. It goes as it is. It may hold names, places, times. "
            "A photo of the page, cleaned here, tells less."
        ),
        "files.voice": _("Your voice. Somebody who knows it can recognise it."),
        "files.large": _(
            "Together {size}. On a phone this can take some minutes and cost data. "
            "Wi-Fi is better, if it is safe."
        ),
        "files.voice-changed": _(
            "Your voice, changed. People who know you, and computers, may still recognise it."
        ),
        "files.disguised": _("Changed voice"),
        "files.slow": _(
            "Here a file can be {limit} at most, and sending takes longer. "
            "Tor Browser is faster at this."
        ),
    }


def _on_return(catalogue: Catalogue) -> Phrases:
    _ = catalogue.gettext
    plural = catalogue.plural_forms
    return {
        "code.count": _("{count} of 12 written."),
        "code.empty": _("Type your code first."),
        "code.unknown-word": _("Word {position}, “{word}”, is not a word of a code."),
        "code.unknown-word-try": _(
            "Word {position}, “{word}”, is not a word of a code. Is it one of these?"
        ),
        "code.word-count": _("A code has 12 words or 12 numbers. You typed {count}."),
        "code.checksum": _(
            "Every word is a code word, but they do not fit together. "
            "One of them is wrong, or two have changed places. Look at your paper again."
        ),
        "code.use": _("Use “{word}”"),
        "checking.fetching": _("Getting the messages that wait here…"),
        "checking.looking": _("Looking for yours: {percent} %"),
        "checking.opening": _("Opening…"),
        "answers.count": plural("There is {count} answer.", "There are {count} answers."),
        "answers.none": _(
            "There is no answer yet. That is normal. Look again in a day or two. "
            "If you expected one, check your code: it may be another one."
        ),
        "answers.unverified": plural(
            "{count} message could not be checked. We do not show it: it may not be from us.",
            "{count} messages could not be checked. We do not show them: they may not be from us.",
        ),
        "answers.unopened": plural(
            "{count} message is for you, but this page could not open it. "
            "Please tell us when you write.",
            "{count} messages are for you, but this page could not open them. "
            "Please tell us when you write.",
        ),
        "answers.from": _("From: {desk}"),
        "answers.from-line": _("From us"),
        "answers.from-left": _("From somebody who no longer works here"),
        "answers.left-why": _(
            "This person stopped working here on {day}. They may have written this later. "
            "Before you do what it says, write and ask us."
        ),
        "answers.day": _("Written on {day}"),
        "answers.old": _(
            "By the date on this phone, {day}, the list with which we check answers is too old. "
            "If that date is right, these answers may not be from the people you wrote to."
        ),
        "answers.unknown-kind": _("A message of a kind that this page does not know."),
        "answers.save": _("Save {name}, {size}"),
        "answers.saving": _("Getting {name}: {percent} %"),
        "answers.saved": _("Saved. The file stays on this phone until you delete it."),
        "trouble.bad-file": _(
            "This file is damaged. We do not save it. Please tell us when you write."
        ),
        "trouble.file-missing": _(
            "This file is no longer here. Please ask for it again when you write."
        ),
        "answers.write-back": _("Write back"),
        "answers.write-more": _("Write more"),
    }


def _on_other_ways(catalogue: Catalogue) -> Phrases:
    _ = catalogue.gettext
    plural = catalogue.plural_forms
    return {
        "delete.done": plural("{count} message is deleted.", "{count} messages are deleted."),
        "withdraw.choose": _("Choose those who should stop. One is enough."),
        "letter.choose": _("Choose the people you want to ask. One is enough."),
        "proof.unreadable": _("This is not a text that this page can read. Paste all of it."),
        "proof.not-yours": _("This text is not about a letter of yours."),
        "proof.copied": _("Copied. This phone can keep it, even after you copy something else."),
        "proof.not-copied": _("Mark the text and copy it by hand."),
        "voice.record": _("Start recording"),
        "voice.recording": _("Recording: {time}"),
        "voice.stop": _("Stop"),
        "voice.again": _("Record it again"),
        "voice.changing": _("Changing your voice: {percent} %"),
        "voice.is-changed": _("Your voice is changed. Listen to it, then keep it."),
        "voice.unchanged": _("Your voice is not changed yet. The recording is still here."),
        "voice.failed": _(
            "Your voice could not be changed. Try again, or write instead. "
            "Send your own voice only if that is safe for you."
        ),
        "voice.full": _("That is as long as one recording can be. You can add another one."),
        "voice.denied": _(
            "The microphone is off for this browser. Turn it on in the settings, or write instead."
        ),
    }
