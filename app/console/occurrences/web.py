"""E-mails, addresses of pages, names of users. Pure.

A page is compared by its host and path, without what only follows a reader about. The profile of a
person on a large site is that person's name there; a large site itself is no person's.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.console.occurrences.link_kinds import Kind, Occurrence, Sure
from app.console.occurrences.phones import number_of, written
from app.console.occurrences.sites import COMMON_HANDLES, PUBLIC_SITES

_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")
_EMAIL_SPELLED = re.compile(
    r"(?P<name>[\w.+-]{2,64})(?:\s?[(\[]\s?(?:at|arroba|@)\s?[)\]]\s?|\sat\s)"
    r"(?P<host>(?:[\w-]{1,63}(?:\.|\s?[(\[]dot[)\]]\s?))+[a-z]{2,24})(?!\w)",
    re.IGNORECASE,
)
_LATIN_END = re.compile(r"[A-Za-z0-9_.+-]+\Z")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_ENDINGS = "com|net|org|info|biz|xyz|online|site|club|top|shop|onion|vip|live|love|pro|link"
_END = r"[^\s<>\"'`“”«»،，。、]"
_URL = re.compile(
    rf"(?:(?i:https?://)|(?i:www\.)){_END}+|(?<![@\w.-])(?:[a-z0-9-]+\.)+[a-z]{{2,24}}/{_END}+"
    rf"|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:{_ENDINGS})(?![\w.-]*\w)",
)
_TAIL = ".,;:!?)]}*'\""
_FOLLOWS = re.compile(
    r"(?:utm_\w+|fbclid|gclid|igshid|igsh|mc_eid|mc_cid|ref|ref_src|src|si|_ga|yclid|share_id|s|t)\Z"
)
_HANDLE = re.compile(r"@?([A-Za-z0-9_](?:[\w.-]{2,28})[A-Za-z0-9_])/?\Z", re.ASCII)
_AT = re.compile(r"(?<![\w@./])@([A-Za-z0-9_][A-Za-z0-9_.]{2,28}[A-Za-z0-9_])(?![\w@])", re.ASCII)
_SAID = re.compile(
    r"(?i:(?<!\w)(?:instagram|insta|ig|fb|tg|zalo|qq|wechat id|snapchat|snap|telegram|tiktok"
    r"|twitter|facebook|wechat|weixin|kik|discord|onlyfans|skype|signal|viber|line id|username"
    r"|user name|usuario|utilisateur|usuário|телеграм\w{0,2}|инстаграм\w{0,2}"
    r"|інстаграм\w{0,2}|инста|інста|вайбер|انستغرام|انستقرام|تيليجرام|تلغرام|سناب)(?!\w)"
    r"|微信号?|电报|ไลน์|ไอจี)[ ]{0,2}(?P<sign>[:=@：]|(?i:is|name|id|id:|name:|es|est|é)[ ])?"
    r"[ ]{0,2}@?(?P<handle>[A-Za-z0-9_][A-Za-z0-9_.]{2,28}[A-Za-z0-9_])",
)
_PROFILES = frozenset(
    (
        "facebook.com", "fb.com", "instagram.com", "ok.ru", "onlyfans.com", "t.me", "telegram.me",
        "threads.net", "tiktok.com", "twitter.com", "vk.com", "x.com", "youtube.com",
    )
)  # fmt: skip
_UNDER = {"snapchat.com": "add", "linkedin.com": "in"}
_NO_PERSON = frozenset(
    (
        "about", "ads", "channel", "events", "explore", "groups", "hashtag", "help", "home", "i",
        "intent", "joinchat", "login", "marketplace", "messages", "p", "pages", "people", "photo",
        "photo.php", "profile.php", "reel", "reels", "search", "settings", "share", "sharer",
        "sharer.php", "shorts", "status", "stories", "tv", "video", "watch",
    )
)  # fmt: skip
_PLUS_TAG = re.compile(r"\+[^@]*(?=@)")


def emails(plain: str) -> Iterator[Occurrence]:
    """Find addresses in lower case, without what is behind a plus; GMail's without dots.

    Also those with a word for the sign: behind a bare "at" only where the name before it is no
    word ("work at example.com" is none).
    """
    for met in _EMAIL.finditer(plain):
        said, start = met[0], met.start()
        latin = _LATIN_END.search(said.rpartition("@")[0])
        if latin and _UNSPACED.search(said[: latin.start()]):
            start += latin.start()  # what stands before it in a script without spaces
        yield from _email(plain[start : met.end()], start, met.end())
    for met in _EMAIL_SPELLED.finditer(plain):
        if re.search(r"[\d_.]", met["name"]) or not met[0][met.end("name") - met.start() :][
            :4
        ].lower().startswith(" at "):
            host = re.sub(r"\s?[(\[]dot[)\]]\s?", ".", met["host"], flags=re.IGNORECASE)
            yield from _email(f"{met['name']}@{host}", met.start(), met.end())


def _email(said: str, start: int, end: int) -> Iterator[Occurrence]:
    name, _, host = _PLUS_TAG.sub("", said.casefold()).rpartition("@")
    if host == "googlemail.com":
        host = "gmail.com"
    if host == "gmail.com":
        name = name.replace(".", "")
    name = name.strip(".-")
    if name:
        yield Occurrence(Kind.EMAIL, f"{name}@{host}", start, end, Sure.SAME)


def urls(plain: str) -> Iterator[Occurrence]:
    """Find pages; profiles as names of users; links that open a chat with a telephone's number."""
    for met in _URL.finditer(plain):
        said = met[0].rstrip(_TAIL)
        end = met.start() + len(said)
        try:
            parts = urlsplit(said if "://" in said else f"https://{said}")
            host = _host(parts.hostname or "")
        except ValueError:
            continue
        if "." not in host:
            continue
        path = parts.path.rstrip("/")
        if number := _chat(host, path, parts.query):
            yield Occurrence(Kind.PHONE, number, met.start(), end, Sure.SAME)
        elif handle := _profile(host, path):
            yield Occurrence(Kind.USERNAME, handle, met.start(), end, Sure.LIKELY)
        else:
            query = _query(parts.query)
            if host in PUBLIC_SITES and not _says_enough(path + query):
                continue
            sure = Sure.SAME if path or query else Sure.LIKELY
            yield Occurrence(Kind.URL, host + path + query, met.start(), end, sure)


def usernames(plain: str) -> Iterator[Occurrence]:
    """Find ``@name``, and a name behind the word for its network."""
    for met in _AT.finditer(plain):
        if handle := _handle(met[1]):
            yield Occurrence(Kind.USERNAME, handle, met.start(), met.end(), Sure.LIKELY)
    for met in _SAID.finditer(plain):
        handle = _handle(met["handle"])
        # Behind a mere word only what no other word looks like.
        if handle and (met["sign"] in (":", "=", "@", "：") or re.search(r"[\d_.]", handle)):
            yield Occurrence(Kind.USERNAME, handle, met.start("handle"), met.end(), Sure.LIKELY)


def _handle(text: str) -> str:
    handle = text.casefold()
    return "" if handle in COMMON_HANDLES or handle.isdecimal() else handle


def _host(host: str) -> str:
    host = host.casefold().rstrip(".")
    for prefix in ("www.", "m.", "mobile.", "web."):
        host = host.removeprefix(prefix)
    return host


def _query(query: str) -> str:
    kept = sorted(
        (name, value) for name, value in parse_qsl(query)[:40] if not _FOLLOWS.match(name)
    )
    return f"?{urlencode(kept)}" if kept else ""


def _says_enough(rest: str) -> bool:
    return len(rest) >= 8 and any(char.isdecimal() or char in "-_=" for char in rest)


def _profile(host: str, path: str) -> str:
    steps = [step for step in path.split("/") if step]
    if host in _UNDER and len(steps) == 2 and steps[0] == _UNDER[host]:
        steps = steps[1:]
    elif host not in _PROFILES:
        return ""
    if len(steps) != 1 or steps[0].casefold() in _NO_PERSON:
        return ""
    met = _HANDLE.match(steps[0])
    return _handle(met[1]) if met else ""


def _chat(host: str, path: str, query: str) -> str:
    digits = ""
    if host == "wa.me":
        digits = path.strip("/")
    elif host in ("api.whatsapp.com", "whatsapp.com"):
        digits = dict(parse_qsl(query)).get("phone", "")
    digits = digits.strip(" +")
    number = number_of(f"+{digits}") if digits.isdecimal() else None
    return written(number) if number else ""
