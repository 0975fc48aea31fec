"""Words that show a trafficker whom a reporter wrote to, in every language of the page.

For each language sentences that send somebody to the police or speak of them, in several forms, and
sentences without danger that hold words alike.
"""

import unicodedata

import pytest

from app.console.rules import authorities, caution
from app.reporter.beginning import all_languages

DANGEROUS = {
    "en": [
        "Please call the police now.",
        "Go to the POLICE station and ask for a policeman.",
        "Talk to the immigration office.",
        "The prosecutor wants to meet you.",
        "You are a victim of human trafficking.",
        "ICE will come tomorrow.",
    ],
    "es": [
        "Llame a la policía ahora.",
        "Vaya a la policia y pregunte por un policía.",
        "Los policías pueden ayudar.",
        "Hable con la Fiscalía.",
        "Usted es víctima de trata de personas.",
        "La oficina de inmigración lo sabe.",
    ],
    "fr": [
        "Appelez la police maintenant.",
        "Deux policières viendront.",
        "Allez à la gendarmerie.",
        "Le procureur veut vous voir.",
        "C’est de la traite d’êtres humains.",
    ],
    "pt": [
        "Ligue para a polícia agora.",
        "Um policial vai falar com você.",
        "Vá à delegacia.",
        "Fale com a imigração.",
        "Isto é tráfico de pessoas.",
    ],
    "ar": [
        "اتصل بالشرطة الآن.",
        "اذهب إلى الشُّرطة.",
        "سيأتي شرطيان غدًا.",
        "تحدث مع دائرة الهجرة.",
        "هذا اتجار بالبشر، والاتجار جريمة.",
        "النيابة العامة تريد أن تسمعك.",
    ],
    "zh_Hans": [
        "请马上报警。",
        "警方想见您。",
        "去找警察。",
        "公安局的人会来。",
        "请联系移民局。",
        "这是人口贩卖。",
        "請打電話給警察。",
    ],
    "vi": [
        "Hãy gọi cảnh sát ngay.",
        "Hãy đến đồn công an.",
        "CÔNG AN sẽ đến.",
        "Bạn là nạn nhân của nạn buôn người.",
        "Hay goi canh sat ngay.",
        "Viện kiểm sát muốn gặp bạn.",
    ],
    "fil": [
        "Tumawag ka sa pulis ngayon.",
        "Pumunta ka sa himpilan ng pulisya.",
        "Tutulong ang kapulisan.",
        "Kausapin mo ang piskal.",
        "Human trafficking ito.",
        "Kausapin mo ang imigrasyon.",
    ],
    "th": [
        "โทรหาตำรวจเดี๋ยวนี้",
        "ไปที่สถานีตำรวจ",
        "ไปที่สำนักงานตรวจคนเข้าเมือง",
        "คุณเป็นเหยื่อของการค้ามนุษย์",
        "อัยการอยากพบคุณ",
    ],
    "hi": [
        "अभी पुलिस को बुलाएँ।",
        "पुलिसवाले आएँगे।",
        "थानेदार से बात करें।",
        "यह मानव तस्करी है।",
        "आव्रजन विभाग से बात करें।",
    ],
    "uk": [
        "Подзвоніть у поліцію зараз.",
        "Поліцейські приїдуть.",
        "Зверніться до прокурора.",
        "Слідчий хоче зустрітися.",
        "Ви постраждали від торгівлі людьми.",
        "Міграційна служба знає.",
    ],
    "ro": [
        "Sună la poliție acum.",
        "Mergi la poliţie.",
        "Polițistul vine mâine.",
        "Spune-i poliției unde ești.",
        "Procurorii vor să te asculte.",
        "Este trafic de persoane.",
    ],
    "hu": [
        "Hívja most a rendőrséget.",
        "RENDŐRÖK jönnek holnap.",
        "Menjen a rendorsegre.",
        "Beszéljen a bevándorlási hivatallal.",
        "Az ügyész találkozni akar Önnel.",
        "Ez emberkereskedelem.",
    ],
    "sq": [
        "Telefononi policinë tani.",
        "Një police do të vijë nesër.",
        "Flisni me zyrën e emigracionit.",
        "Prokurori do t’ju takojë.",
        "Ky është trafikim i njerëzve.",
        "Trafikanti e di.",
    ],
    "ur": [
        "ابھی پولیس کو فون کریں۔",
        "تھانے جائیں۔",
        "امیگریشن کے دفتر سے بات کریں۔",
        "یہ انسانی سمگلنگ ہے۔",
        "یہ انسانی خرید و فروخت ہے۔",
        "پوليس آئے گی۔",
    ],
    "bn": [
        "এখনই পুলিশকে ফোন করুন।",
        "থানায় যান।",
        "ইমিগ্রেশনের সঙ্গে কথা বলুন।",
        "এটি মানব পাচার।",
        "পাচারকারীরা জানে।",
    ],
}
HARMLESS = {
    "en": [
        "Our policy is to ask one thing at a time.",
        "Policies change. Is the ice cold? Are you warm and nice?",
        "Is it safe for you to read here?",
    ],
    "es": [
        "Se trata de usted. Tratamos de ayudar.",
        "¿Firmó un contrato? No hablamos de política ni de pólizas.",
        "¿La contratan sin año fiscal?",
    ],
    "fr": [
        "Il vous traite mal ? Nous ne parlons pas de politique.",
        "Restez poli, dit-il. Êtes-vous en sécurité ?",
    ],
    "pt": [
        "Não falamos de política. Ele trata você mal?",
        "O tráfego na rua é forte? Há um contrato?",
    ],
    "ar": ["هل لديك شرط؟ بشرط أن تكون بأمان.", "هل يمكنك الخروج؟ متى تنظر إلى ردّنا؟"],
    "zh_Hans": ["请提高警惕。您安全吗？", "您在公司上班吗？请小心，不要报出名字。"],
    "vi": [
        "Bạn có công ăn việc làm không?",
        "Cảnh báo: đừng viết gì nguy hiểm. Bạn có an toàn không?",
        "Công anh làm là gì?",
    ],
    "fil": ["Mabilis ba ang pulso mo?", "Ligtas ka ba? May kapitbahay ba na makakatulong?"],
    "th": ["หมอตรวจคุณแล้วหรือยัง", "คุณปลอดภัยไหม มีใครอยู่ใกล้ไหม"],
    "hi": ["क्या पुल के पास कोई घर है?", "क्या आप सुरक्षित हैं? कौन-सा समय ठीक है?"],
    "uk": ["Чи є слід на дорозі? Поліна поруч?", "Чи безпечно вам читати тут?"],
    "ro": [
        "Nu vorbim despre politică. Ești politicos.",
        "Este trafic pe stradă? Ești în siguranță?",
    ],
    "hu": ["Rendben van, rendszeresen írunk.", "Biztonságban van? Van rendelés az orvosnál?"],
    "sq": ["Ka trafik në rrugë? A jeni mirë?", "Nuk pyesim për politikë. Jeni emigrant?"],
    "ur": ["کیا آپ محفوظ ہیں؟ آپ تھکے ہوئے ہیں؟", "کون سا وقت ٹھیک ہے؟ کیا کوئی پل قریب ہے؟"],
    "bn": ["আপনি কি নিরাপদ? আপনার কাছে কে থাকে?", "পুলের কাছে স্থানান্তর? থাকার জায়গা আছে?"],
}


def cautions(text: str, lang: str) -> list[str]:
    tag = lang.replace("_", "-")
    found = caution.look(text, lang=tag, reporter_lang=tag, safe="yes", names=[])
    return [one.text for one in found if one.kind == "name"]


def test_every_language_of_the_page_has_sentences_of_both_kinds() -> None:
    assert set(DANGEROUS) == set(HARMLESS) == set(all_languages())


@pytest.mark.parametrize(
    ("lang", "text"), [(lang, text) for lang, all_ in DANGEROUS.items() for text in all_]
)
def test_an_answer_that_names_them_is_cautioned(lang: str, text: str) -> None:
    assert cautions(text, lang)
    for form in ("NFC", "NFD"):
        assert cautions(unicodedata.normalize(form, text), lang), form
    assert cautions(text, "en" if lang != "en" else "es"), "whatever the answer is marked as"


@pytest.mark.parametrize(
    ("lang", "text"), [(lang, text) for lang, all_ in HARMLESS.items() for text in all_]
)
def test_an_answer_that_only_sounds_alike_is_not(lang: str, text: str) -> None:
    for form in ("NFC", "NFD"):
        assert cautions(unicodedata.normalize(form, text), lang) == [], form


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Somos la Policía, ¿sabe?", "Policía"),
        ("Hãy gọi cảnh sát ngay.", "cảnh sát"),
        ("यह पुलिस है।", "पुलिस"),
        ("Pumunta sa himpilan ng kapulisan.", "kapulisan"),
        ("Ask the po\u200blice.", "po\u200blice"),
        ("No word of them.", ""),
    ],
)
def test_the_word_is_said_as_it_stands_in_the_answer(text: str, word: str) -> None:
    assert authorities.named(text) == word


def test_who_writes_vietnamese_without_marks_is_understood() -> None:
    assert authorities.named("Hay den don cong an") == "cong an"
    assert authorities.named("Bạn có công ăn việc làm") == ""
