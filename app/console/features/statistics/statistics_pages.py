"""The page of numbers: plots, each with its table; exports without small groups."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.console.features.statistics import chart_pictures, rounding, sheet
from app.console.features.statistics.chart_pictures import Picture
from app.console.features.statistics.chart_shapes import WIDTH, Drawing, draw
from app.console.features.statistics.counting import PERIODS, USUAL, Table, begin_of, tables
from app.console.features.statistics.storage import case_facts
from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.web.render import language_of, language_to_make, page
from app.console.web.requests import SignedIn, TheConsole, TheVault
from app.console.web.running_console import Console
from app.console.web.sync_status import revision, sync_view
from app.sentences.language import Language
from app.sentences.translatable import say
from app.sentences.values import Amount

router = APIRouter(prefix="/numbers")

NOTE = say("1 to 4 are shown as fewer than 5; all else is rounded to the nearest 5.")


@dataclass(frozen=True, slots=True)
class Plot:
    """A table and its drawing; ``none`` are the groups without a case that it leaves out."""

    table: Table
    drawing: Drawing
    none: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, language: Language) -> "Plot":
        """Return a table's plot; what is saved of it has every group all the same."""
        shown = tuple(row for row in table.rows if row[1])
        if not table.sparse or not shown:
            return cls(table, draw(table, language), ())
        none = tuple(name for name, count in table.rows if not count)
        return cls(table, draw(replace(table, rows=shown), language), none)

    @property
    def median_days(self) -> str:
        """The days of its median, with a digit behind the point."""
        return Amount.of(self.table.median[0], 1) if self.table.median else ""


@router.get("")
def show(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    _: SignedIn,
    weeks: str = "",
    language: str = "",
) -> Response:
    """Show exact numbers, for who sits here; what is exported is rounded.

    ``language`` is that of what is saved, not the page's own.
    """
    period = _period(weeks)
    shown_in = language_of(request)
    with vault.read() as tx:
        changed = revision(tx)
    values = {
        "plots": [Plot.of(one, shown_in) for one in _tables(console, vault, period)],
        "width": WIDTH,
        "weeks": period,
        "made_in": language_to_make(request, language).tag,
        "periods": list(PERIODS.items()),
        "small": rounding.SMALL,
        "line_name": trusted_line.load(vault).owner.line.name,
        "sync": sync_view(console, changed),
        "undo": console.undo.offered(),
    }
    return page(request, "statistics/numbers.html", values)


@router.get("/export.csv")
def export(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    _: SignedIn,
    weeks: str = "",
    language: str = "",
) -> Response:
    """Return the tables of a period as CSV, rounded."""
    period, spoken = _period(weeks), language_to_make(request, language)
    data = sheet.as_csv(map(rounding.rounded, _tables(console, vault, period)), spoken)
    return _file(data, "text/csv; charset=utf-8", f"numbers-{period}-weeks.csv")


@router.get("/{name}.svg")
def svg(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    _: SignedIn,
    name: str,
    weeks: str = "",
    language: str = "",
) -> Response:
    """Return one chart of a period as SVG, rounded."""
    period = _period(weeks)
    picture = _picture(console, vault, name, period)
    templates = request.app.state.templates
    data = chart_pictures.as_svg(templates, language_to_make(request, language), picture)
    return _file(data, "image/svg+xml", f"{name}-{period}-weeks.svg")


@router.get("/{name}.png")
def png(
    request: Request,
    console: TheConsole,
    vault: TheVault,
    _: SignedIn,
    name: str,
    weeks: str = "",
    language: str = "",
) -> Response:
    """Return one chart of a period as PNG, rounded."""
    period = _period(weeks)
    picture = _picture(console, vault, name, period)
    data = chart_pictures.as_png(language_to_make(request, language), picture)
    return _file(data, "image/png", f"{name}-{period}-weeks.png")


def _picture(console: Console, vault: Vault, name: str, period: int) -> Picture:
    table = _one(_tables(console, vault, period), name)
    title = say("{title}, {period}", title=table.title, period=PERIODS[period])
    return Picture(table, title, NOTE)


def _tables(console: Console, vault: Vault, weeks: int) -> list[Table]:
    now = console.now()
    begin = begin_of(weeks, now)
    known = trusted_line.load(vault)
    desks = known.own_desks()
    with vault.read() as tx:
        cases, referred = (
            case_facts.of_desks(tx, desks, begin),
            case_facts.referred(tx, desks, begin),
        )
    return tables(cases, referred, weeks, now, known.intake)


def _one(found: list[Table], name: str) -> Table:
    for one in found:
        if one.id == name:
            return rounding.rounded(one)
    raise HTTPException(404)


def _period(weeks: str) -> int:
    """Return one of the periods on offer: fixed ones, so that few exports can be compared."""
    return next((one for one in PERIODS if str(one) == weeks), USUAL)


def _file(data: bytes, kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=kind, headers=headers)
