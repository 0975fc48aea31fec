"""The answer being written: its draft, its files, templates, what to think of before."""

from typing import Any

from app.console.cases.case_model import Case
from app.console.rules import answer_templates, caution, wording
from app.console.rules.answer_templates import Template
from app.console.web.file_views import file_view


def reply(case: Case) -> dict[str, Any]:
    """Return what the form of an answer shows: draft, desks, cautions, templates."""
    draft, listed = case.draft, case.listed
    lang = draft.lang if draft else listed.lang or "en"
    desks = case.desks()
    chosen = draft.desk if draft else listed.home
    safe = listed.answers.get("safe_to_reply", "")
    found = caution.look(
        draft.text if draft and case.unsure else "",
        lang=lang,
        reporter_lang=listed.lang,
        safe=safe,
        names=case.known.names(),
    )
    templates = answer_templates.for_language(lang, case.own_templates)
    asking = answer_templates.asking_safety(lang, case.own_templates)
    is_asking = draft is not None and asking in draft.text
    return {
        "origin": case.origin,
        "draft": draft,
        "draft_files": [file_view(one) for one in case.draft_files],
        "desks": [(desk, case.known.desk_name(desk), desk == chosen) for desk in desks],
        "lang": lang,
        "languages": [(tag, wording.language(tag)) for tag in _tags(lang, listed.lang)],
        "cautions": found,
        "not_known_safe": None if is_asking else caution.not_known_safe(safe),
        "confirmed": " ".join(one.kind for one in found),
        "unsure": case.unsure,
        "templates": templates,
        "english": _meant(draft.text, templates, lang) if draft else "",
        "reporter_lang": listed.lang,
    }


def _meant(text: str, templates: list[Template], lang: str) -> str:
    """Return in English what templates of another language say that stand in a draft."""
    if wording.primary(lang) == "en":
        return ""
    return " ".join(one.english for one in templates if one.text in text)


def _tags(*first: str) -> list[str]:
    common = [tag for tag in first if tag]
    return list(dict.fromkeys([*common, "en", *wording.language_tags()]))
