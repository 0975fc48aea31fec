"""How dates, sizes, names and states are said to the investigator. Pure: ``now`` is an argument."""

import datetime as dt

from app.protocol.bodies import LETTER_REQUEST, WITHDRAWAL
from app.sentences.translatable import say, say_count
from app.sentences.values import Amount, LanguageName, Moment

_LANGUAGES = {
    "am": "Amharic", "ar": "Arabic", "bn": "Bengali", "bg": "Bulgarian", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fil": "Filipino",
    "fr": "French", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "km": "Khmer", "ko": "Korean", "ms": "Malay", "my": "Burmese", "ne": "Nepali",
    "nl": "Dutch", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "si": "Sinhala", "so": "Somali", "sq": "Albanian", "sr": "Serbian",
    "sw": "Swahili", "ta": "Tamil", "th": "Thai", "ti": "Tigrinya",
    "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "yo": "Yoruba",
    "zh": "Chinese", "zh-Hans": "Chinese (simplified)", "zh-Hant": "Chinese (traditional)",
}  # fmt: skip

_ONLY_LOOKED_AT = frozenset(
    (
        "3gp", "aac", "amr", "avi", "avif", "bmp", "docx", "flac", "gif", "heic", "heif", "jfif",
        "jpeg", "jpg", "m4a", "m4v", "mkv", "mov", "mp3", "mp4", "oga", "odp", "ods", "odt", "ogg",
        "ogv", "opus", "pdf", "png", "pptx", "tif", "tiff", "txt", "wav", "webm", "webp", "xlsx",
    )
)  # fmt: skip
"""Endings of files that a program shows and does not run. Every other one is taken for one that
may run: a list of those that do would always lack some."""
_METADATA = {
    "original": say("Original: may show place, time and device"),
    "clean": say("Clean copy: hidden data removed before sending"),
    "disguised": say("Changed voice: the reporter’s browser changed how it sounds"),
}


def language(tag: str) -> str:
    """Return the language's name, or the tag itself where it is not a known one."""
    name = _LANGUAGES.get(tag) or _LANGUAGES.get(primary(tag))
    return LanguageName.of(tag, name) if name else tag


def is_language(tag: str) -> bool:
    """Say whether the tag's language has a name here."""
    return tag in _LANGUAGES or primary(tag) in _LANGUAGES


def primary(tag: str) -> str:
    """Return a language without region or script: zh of zh-Hant."""
    return tag.split("-")[0].lower()


def spoken_tags() -> list[str]:
    """Return languages that can be said to be spoken, without region or script, by their names."""
    return [tag for tag in language_tags() if tag == primary(tag)]


def language_tags() -> list[str]:
    """Return the languages that an answer can be marked with, by their English names."""
    return sorted(_LANGUAGES, key=_LANGUAGES.__getitem__)


def metadata_choice(value: str) -> str:
    """Return in words whether hidden data was removed from a file."""
    return _METADATA.get(value, say("Not said whether hidden data was removed"))


def message_title(kind: str) -> str:
    """Return what a reporter's message of a kind is called."""
    titles = {
        "report": say("Report"),
        "message": say("Follow-up"),
        WITHDRAWAL: say("Permission withdrawn"),
        LETTER_REQUEST: say("Letter asked for"),
    }
    return titles.get(kind, say("Message"))


def can_run(name: str) -> bool:
    """Say whether opening a file of this name may start a program.

    It may unless its ending is known to be one that is only looked at. A name without an ending
    starts nothing by being opened.
    """
    # Windows leaves dots and spaces at the end away: "x.exe." is "x.exe" there.
    _, dot, ending = name.rstrip(". ").rpartition(".")
    return bool(dot) and ending.lower() not in _ONLY_LOOKED_AT


def initials(label: str) -> str:
    """Return two letters for a person: of two words the first of each, of one the first two.

    "?" for a person without a name here.
    """
    words = ["".join(letter for letter in word if letter.isalnum()) for word in label.split()]
    words = [word for word in words if word]
    if not words:
        return "?"
    return (words[0][0] + words[1][0]).upper() if len(words) > 1 else words[0][:2].capitalize()


def size(count: int) -> str:
    """Return bytes as people say them: 812 bytes, 48 kB, 3.1 MB."""
    if count < 1000:
        return say_count("{count} byte", "{count} bytes", count)
    value, unit = count / 1000, "kB"
    for larger in ("MB", "GB"):
        if value >= 1000:
            value, unit = value / 1000, larger
    amount = Amount.of(value, 1 if value < 10 else 0)
    return {
        "kB": say("{number} kB", number=amount),
        "MB": say("{number} MB", number=amount),
        "GB": say("{number} GB", number=amount),
    }[unit]


def short_time(at: int, now: int, zone: dt.tzinfo | None = None) -> str:
    """Return a time for lists: the clock today, else the day, else the date."""
    then, today = _local(at, zone), _local(now, zone)
    if then.date() == today.date():
        return Moment.of(then, "clock")
    if 0 < (today.date() - then.date()).days < 7:
        return Moment.of(then, "weekday")
    return Moment.of(then, "short" if then.year == today.year else "short_year")


def long_time(at: int, zone: dt.tzinfo | None = None) -> str:
    """Return a time for one message: Tuesday 24 November 2026, 08:15."""
    return Moment.of(_local(at, zone), "long")


def clock(at: int, zone: dt.tzinfo | None = None) -> str:
    """Return the time of day: 08:15."""
    return Moment.of(_local(at, zone), "clock")


def day_of(at: int, zone: dt.tzinfo | None = None) -> str:
    """Return the day alone: Tuesday 24 November 2026."""
    return Moment.of(_local(at, zone), "day")


def days_until(at: int, now: int, zone: dt.tzinfo | None = None) -> int:
    """Return how many days of the calendar lie between, so that two times of a day say the same."""
    return (_local(at, zone).date() - _local(now, zone).date()).days


def end_of_day(now: int, zone: dt.tzinfo | None = None) -> int:
    """Return when the day that it is now is over: the next midnight, in Unix seconds."""
    morrow = _local(now, zone).date() + dt.timedelta(days=1)
    return int(dt.datetime.combine(morrow, dt.time(), zone).timestamp())


def date(day: dt.date) -> str:
    """Return a day as a date: 24 November 2026."""
    return Moment.of(dt.datetime.combine(day, dt.time()), "date")


def day_and_month(day: dt.date) -> str:
    """Return a day of no year: 24 November."""
    return Moment.of(dt.datetime.combine(day, dt.time()), "day_month")


def ago(at: int, now: int) -> str:
    """Return how long ago it is: just now, 3 min ago, 2 h ago, 5 days ago."""
    passed = max(0, now - at)
    if passed < 60:
        return say("just now")
    if passed < 3600:
        return say_count("{count} min ago", "{count} min ago", passed // 60)
    if passed < 48 * 3600:
        return say_count("{count} h ago", "{count} h ago", passed // 3600)
    return say_count("{count} day ago", "{count} days ago", passed // 86400)


def has_left() -> str:
    """Return what somebody is called whose name is in no directory any more."""
    return say("somebody who has left")


def _local(at: int, zone: dt.tzinfo | None) -> dt.datetime:
    return dt.datetime.fromtimestamp(at, dt.UTC).astimezone(zone)
