"""What is handed out, in a chosen language with the English beside it, so that both are compared.

The English is the source of every translation, and what a colleague elsewhere or a court can ask
about. In HTML it stands below in smaller letters (class ``beside``), in plain text behind a stroke.
"""

from dataclasses import dataclass

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.sentences.language import Language, english
from app.sentences.translatable import Translatable

BLANK = Markup('<span class="gap"></span>')
"""A gap in a sentence, to be filled in by hand: there once, and dots in the English beside."""
_DOTS = "……"
STROKE = " / "


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A language with English beside it; of English alone, nothing stands beside."""

    language: Language

    @property
    def is_english(self) -> bool:
        """Whether there is nothing to stand beside."""
        return self.language.locale is None

    def pair(self, text: str) -> tuple[str, str]:
        """Return a text in the language, and in English where that differs, else nothing."""
        said, source = self.language.say(text), english().say(text)
        return said, "" if said == source else source


def install(environment: Environment) -> None:
    """Let an environment's templates say everything twice: ``_()`` and whatever is translatable.

    A template is given a ``SideBySide`` as ``both``. ``_("…")`` marks a sentence for gettext, with
    ``{names}``; ``plainly(value)`` is the language's words alone, for a title.
    """
    environment.globals["_"] = _gettext
    environment.globals["plainly"] = _plainly
    environment.globals["BLANK"] = BLANK
    environment.globals["bdi"] = Markup("<bdi>{}</bdi>").format
    environment.globals["code"] = Markup('<code dir="ltr">{}</code>').format
    environment.finalize = _finalize


def _both(context: Context) -> SideBySide:
    both = context["both"]
    if not isinstance(both, SideBySide):
        raise TypeError("A template is not told its languages.")
    return both


@pass_context
def _gettext(context: Context, message: str, **values: object) -> str:
    languages, marked_up = _both(context), context.eval_ctx.autoescape
    source = english()
    said = _filled(languages.language, message, values, marked_up)
    with_dots = {name: _DOTS if one is BLANK else one for name, one in values.items()}
    return _beside(said, _filled(source, message, with_dots, marked_up), marked_up)


@pass_context
def _plainly(context: Context, message: str, **values: object) -> str:
    return _filled(_both(context).language, message, values, context.eval_ctx.autoescape)


@pass_context
def _finalize(context: Context, value: object) -> object:
    if not isinstance(value, Translatable):
        return value
    said, source = _both(context).pair(value)
    return _beside(said, source or said, context.eval_ctx.autoescape)


def _filled(language: Language, message: str, values: dict[str, object], marked_up: bool) -> str:
    found = language.gettext(message)
    said = {
        name: one if isinstance(one, Markup) else language.value(one)
        for name, one in values.items()
    }
    shown = Markup.escape(found) if marked_up else found
    return shown.format(**said) if said else shown


def _beside(said: str, source: str, marked_up: bool) -> str:
    # What only differs by the blanks of a form says the same.
    same = str(said).replace(str(BLANK), _DOTS) == str(source)
    if not marked_up:
        return said if same else f"{said}{STROKE}{source}"
    if same:
        return Markup.escape(said)
    beside = Markup('<span class="beside" lang="en" dir="ltr">{}</span>').format(source)
    return Markup.escape(said) + beside
