"""Words that show whom a reporter wrote to: police, immigration, prosecutors, trafficking. Pure.

In the languages of the reporter's pages and some neighbours, whatever language an answer is
marked as. Text is compared folded: without case, without marks, in one form of each letter, so that
"policia" is found as "policía" is. Vietnamese alone keeps its marks while a text has any: there
"công ăn" (a living) is not "công an" (the police).

In the lists a final ``*`` stands for any ending. Words of scripts without spaces between words, and
of Arabic, Devanagari and Bengali, whose words take letters in front or behind, are found anywhere.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

_WORDS = (
    # English
    "police*", "cops", "sheriff*", "immigration", "border force", "prosecutor*", "detective*",
    "interpol", "europol", "trafficking", "trafficker*",
    # Spanish
    "policia*", "guardia civil", "comisaria*", "carabineros", "la migra", "inmigracion",
    "fiscalia*", "el fiscal", "la fiscal", "trata de personas", "trata de mujeres",
    "trata de seres humanos", "trata de blancas", "victima de trata", "victimas de trata",
    "contra la trata",
    # French
    "policier*", "gendarm*", "commissariat*", "procureur*", "enqueteur*", "enquetrice*",
    "traite des etres humains", "traite d'etres humains", "trafic d'etres humains",
    "traite humaine",
    # Portuguese
    "delegacia*", "imigracao", "ministerio publico", "promotoria*", "detetive*",
    "trafico de pessoas", "trafico humano",
    # Filipino
    "pulis*", "kapulisan", "parak", "imigrasyon", "piskal*", "tagausig", "imbestigador*",
    # Ukrainian
    "поліц*", "міліц*", "прокур*", "слідч*", "детектив*", "імміграц*", "міграційн*", "інтерпол*",
    "торгівля людьми", "торгівлі людьми", "торгівлю людьми", "торгівлею людьми", "торгівців людьми",
    # Romanian
    "politie*", "politia*", "politii*", "politist*", "jandarm*", "imigrari*", "procuror*",
    "parchet*", "anchetator*", "detectiv*", "trafic de persoane", "traficul de persoane",
    "traficului de persoane", "trafic de fiinte umane",
    # Hungarian
    "rendor*", "csendor*", "bevandorlas*", "idegenrend*", "ugyesz*", "nyomozo*", "emberkeresked*",
    # Albanian
    "policise", "policine", "policor*", "emigracion*", "imigracion*", "prokuror*", "hetues*",
    "trafikim*", "trafikant*",
    # neighbours: German, Italian, Polish, Russian, Indonesian, Turkish
    "polizei*", "polizist*", "polizia*", "poliziott*", "carabinier*", "policj*", "полиц*", "милиц*",
    "следовател*", "polisi", "polis", "polisen",
)  # fmt: skip
_ANYWHERE = (
    # Arabic
    "شرطة", "الشرطه", "للشرطه", "شرطي", "بوليس", "مخفر", "الدرك الوطني", "الهجرة", "النيابة العامة",
    "وكيل النيابة", "المدعي العام", "المحقق", "إنتربول", "الإنتربول", "الاتجار", "تجار البشر",
    # Chinese, in both scripts
    "警察", "警方", "警官", "警局", "公安", "民警", "刑警", "报警", "報警", "派出所", "移民局",
    "检察", "檢察", "国际刑", "人口贩", "人口販", "拐卖", "拐賣",
    # Thai
    "ตำรวจ", "โรงพัก", "ตรวจคนเข้าเมือง", "อัยการ", "พนักงานสอบสวน", "นักสืบ", "ค้ามนุษย์", "ดีเอสไอ",
    # Hindi
    "पुलिस", "पुलीस", "पोलिस", "थानेदार", "दारोगा", "आव्रजन", "इमिग्रेशन", "अभियोजक", "सरकारी वकील",
    "इंटरपोल", "तस्करी", "तस्कर",
    # Urdu
    "پولیس", "تھانہ", "تھانے", "تھانیدار", "امیگریشن", "استغاثہ", "سرکاری وکیل", "تفتیشی",
    "انٹرپول", "اسمگلنگ", "سمگلنگ", "سمگلر", "انسانی خرید و فروخت", "انسانی تجارت", "ایف آئی اے",
    # Bengali
    "পুলিশ", "থানায়", "থানার", "থানাতে", "দারোগা", "ইমিগ্রেশন", "অভিবাসন দপ্তর",
    "সরকারি উকিল", "কৌঁসুলি", "গোয়েন্দা", "ইন্টারপোল", "পাচার",
)  # fmt: skip
_VIETNAMESE = (
    "cảnh sát", "công an", "bộ đội biên phòng", "nhập cư", "xuất nhập cảnh", "di trú", "kiểm sát",
    "công tố", "điều tra viên", "buôn người", "buôn bán người", "mua bán người",
)  # fmt: skip
# Short names that are words of everyday life in small letters.
_CAPITALS = re.compile(r"\b(?:ICE|FBI|HSI|USCIS|NCA|GLAA|NBI|DIICOT)\b")
_SAME = str.maketrans({"’": "'", "ʼ": "'", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None})


def named(text: str) -> str:
    """Return the first of these words as it stands in the text, empty if there is none."""
    text = unicodedata.normalize("NFC", text)
    plain, origin = _letters(text, folded)
    marked, marked_origin = _letters(text, str.casefold)
    found = [(match, origin) for match in (_pattern().search(plain),) if match]
    # Whoever writes Vietnamese without marks writes all of it without.
    bare = plain == marked
    vietnamese = _vietnamese(bare).search(marked)
    found += [(vietnamese, marked_origin)] if vietnamese else []
    spans = [(at[match.start()], at[match.end() - 1] + 1) for match, at in found]
    spans += [match.span() for match in (_CAPITALS.search(text),) if match]
    return _whole(text, *min(spans)) if spans else ""


def folded(text: str) -> str:
    """Return a text without case, marks and unseen signs, with one form of each letter."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_SAME)
    return "".join(c for c in apart if not unicodedata.combining(c) and _seen(c))


def _seen(letter: str) -> bool:
    return unicodedata.category(letter) != "Cf"


def _letters(text: str, change: Callable[[str], str]) -> tuple[str, list[int]]:
    """Return the text changed letter by letter, and for each letter of it where it came from."""
    changed = [(letter, place) for place, one in enumerate(text) for letter in change(one)]
    return "".join(letter for letter, _ in changed), [place for _, place in changed]


def _whole(text: str, start: int, end: int) -> str:
    """Return the piece, with the marks that belong to its last letter."""
    while end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end += 1
    return text[start:end]


def _word(entry: str) -> str:
    """Return a pattern for whole words; between two of them any space, at a star any ending."""
    parts = r"\s+".join(re.escape(part) for part in entry.rstrip("*").split())
    return rf"(?<!\w){parts}" + ("" if entry.endswith("*") else r"(?!\w)")


@cache
def _pattern() -> re.Pattern[str]:
    words = [_word(folded(entry)) for entry in _WORDS]
    return re.compile("|".join([*words, *(re.escape(folded(entry)) for entry in _ANYWHERE)]))


@cache
def _vietnamese(bare: bool) -> re.Pattern[str]:
    return re.compile("|".join(_word(folded(one) if bare else one) for one in _VIETNAMESE))
