"""The demo's synthetic reports: made up, in several languages, and each says so.

Nobody in them exists. They are written the way tips arrive: short or long, sure or unsure, some
urgent, some noise, two about the same house.
"""

from __future__ import annotations

from dataclasses import dataclass

SUPPORT, POLICE = "support", "police"


@dataclass(frozen=True)
class Synthetic:
    """One made-up report: its language, desks, words, answers, and what goes along."""

    lang: str
    desks: tuple[str, ...]
    text: str
    danger_now: str = "unknown"
    safe_to_reply: str = "unknown"
    under_18: str = "unknown"
    picture: str | None = None
    spoken: bool = False
    """Whether a recording goes along, made by a program: nobody speaks in it."""

    def fields(self) -> dict[str, object]:
        """Return the body's fields (spec: bodies)."""
        return {
            "lang": self.lang,
            "text": f"[SYNTHETIC] {self.text}",
            "desks": list(self.desks),
            "answers": {
                "danger_now": self.danger_now,
                "safe_to_reply": self.safe_to_reply,
                "under_18": self.under_18,
            },
        }


REPORTS = (
    Synthetic(
        "en",
        (SUPPORT, POLICE),
        "I clean at the hotel by the ring road. Four of us sleep in one room above the laundry."
        " The manager keeps our passports in his desk and says we owe him for the flight. He takes"
        " the debt from our pay, but it never gets smaller. I am not sure who to ask.",
        danger_now="no",
        safe_to_reply="yes",
        under_18="no",
        picture="note.jpg",
    ),
    Synthetic(
        "es",
        (SUPPORT,),
        "Trabajo en el campo de tomates. El capataz nos quitó los papeles y dice que si hablamos"
        " nos manda a la policía. Somos seis. No nos han pagado desde agosto.",
        danger_now="no",
        safe_to_reply="yes",
    ),
    Synthetic(
        "ar",
        (SUPPORT,),
        "أعمل في بيت عائلة منذ سنة. لا يسمحون لي بالخروج وأخذوا هاتفي وجوازي. أكتب من هاتف"
        " الجارة. أريد أن أعود إلى بلدي.",
        danger_now="unknown",
        safe_to_reply="no",
    ),
    Synthetic(
        "zh-Hans",
        (SUPPORT, POLICE),
        "我在一家按摩店工作。老板说我欠他十八万，门口总有人看着我们。车牌是 EX-4471 的白色面包车"
        "每个星期五来接人。",
        safe_to_reply="unknown",
        picture="van.jpg",
    ),
    Synthetic(
        "en",
        (POLICE,),
        "Neighbour here. White van, plate EX-4471, comes to 14 Example Lane on Friday nights."
        " Young women go in and do not come out until Monday. The windows are covered.",
        danger_now="unknown",
        safe_to_reply="yes",
        under_18="unknown",
        picture="house.jpg",
    ),
    Synthetic(
        "uk",
        (SUPPORT,),
        "Мені обіцяли роботу на складі, а тепер змушують працювати по шістнадцять годин і не"
        " платять. Живемо у вагончику, двері замикають на ніч.",
        danger_now="yes",
        safe_to_reply="no",
    ),
    Synthetic(
        "ro",
        (SUPPORT,),
        "Sora mea a plecat la un loc de muncă ca îngrijitoare. Acum nu mai răspunde, iar bărbatul"
        " care a dus-o cere bani. Numele lui este Exemplu.",
        safe_to_reply="yes",
    ),
    Synthetic(
        "vi",
        (SUPPORT,),
        "Em làm ở tiệm móng. Chủ giữ giấy tờ của em và bắt em trả nợ. Em mười bảy tuổi.",
        danger_now="no",
        safe_to_reply="yes",
        under_18="yes",
    ),
    Synthetic(
        "pt",
        (POLICE,),
        "Na obra perto do porto dormem vinte homens num contentor. Não têm contrato e o"
        " encarregado fica com o dinheiro deles.",
        safe_to_reply="yes",
        spoken=True,
    ),
    Synthetic(
        "fil",
        (SUPPORT,),
        "Kasambahay po ako. Hindi ako pinapayagang lumabas at hindi ako binabayaran. Natatakot po"
        " akong magsumbong.",
        safe_to_reply="unknown",
    ),
    Synthetic(
        "hi",
        (SUPPORT,),
        "मैं ईंट भट्ठे पर काम करता हूँ। मालिक कहता है कि कर्ज़ चुकाए बिना कोई नहीं जा सकता। बच्चे भी काम करते हैं।",
        danger_now="no",
        under_18="unknown",
    ),
    Synthetic(
        "fr",
        (SUPPORT, POLICE),
        "Je ne sais pas si c'est important. Au salon de coiffure, une fille très jeune travaille"
        " tous les soirs et semble avoir peur de l'homme qui vient la chercher.",
        safe_to_reply="yes",
        under_18="unknown",
    ),
)

ANSWER = (
    "[SYNTHETIC] Thank you for writing. You have done nothing wrong. You choose if you answer us."
    " If you can, tell us whether it is safe to write back in the evenings."
)
"""The answer that the printed receipt code opens; it goes to the first report."""
