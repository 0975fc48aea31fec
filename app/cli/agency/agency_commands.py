"""``quietline agency``: the ceremonies of the offline machine, at a prompt.

Only asking, showing and exit codes are here; what happens is in ``app.agency``. Exit codes: 0 well,
1 the ceremony found something that somebody must look into, 2 used wrongly. Passphrases come by
prompt, file or standard input, never by argument.
"""

import datetime as dt
import os
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from app.agency import ceremonies, enrolment, site, texts
from app.agency.desk_facts import plain_hours, unsaid
from app.agency.errors import AgencyError, Suspicious
from app.agency.example_desks import keep_desks
from app.agency.folder import AgencyFolder
from app.cli.agency import information_pack, listen, posters, review
from app.cli.terminal import asking
from app.cli.terminal.progress_bar import progress
from app.files.writing import write_whole
from app.passphrases import weakness
from app.protocol.directory import Directory
from app.protocol.line import Line
from app.protocol.recipients import Investigator
from app.protocol.secrets import Secret

app = typer.Typer(
    name="agency",
    help="The offline machine that holds the agency's root key.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(information_pack.app, name="pack")
app.add_typer(listen.app, name="listen")
app.add_typer(review.app, name="review")
app.command()(posters.posters)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The agency's folder.")]
DateIsRight = Annotated[
    bool,
    typer.Option(
        "--date-is-right", help="This computer's date is right, whatever the last directory says."
    ),
]
ROOT_QUESTION: Final = "Passphrase of the root key"
_plain_errors = asking.plain_errors(found=(Suspicious,), misused=(AgencyError,))


@app.command()
@_plain_errors
def init(
    folder: Folder,
    name: Annotated[str, typer.Option(help="The line's name, as investigators see it.")],
    server: Annotated[
        str, typer.Option(metavar="URL", help="Where reporters write: https://tips.example.org.")
    ],
    onion: Annotated[
        str | None, typer.Option(metavar="URL", help="The same as an onion: http://….onion.")
    ] = None,
    investigators: Annotated[
        str | None,
        typer.Option(metavar="URL", help="An onion to which consoles alone give their keys."),
    ] = None,
    desk: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Begin with this desk of the example's alone, support or police; may be given "
            "more than once. [default: both]",
        ),
    ] = None,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Make a new agency: root key, two example desks, and line.json for investigators."""
    kept = keep_desks(texts.example(), desk) if desk else None
    passphrase = asking.new_passphrase(
        passphrase_file,
        "Choose a passphrase for the root key",
        lambda new: _check_new_passphrase(new, name),
    )
    line = ceremonies.init_agency(
        folder,
        name=name,
        server=server,
        onion=onion,
        investigators=investigators,
        passphrase=passphrase,
        rng=os.urandom,
    )
    if kept is not None:
        write_whole(folder / "agency.toml", kept.encode())
    typer.echo(f"Made the agency of '{line.name}' in {folder}.")
    typer.echo(f"Line id: {line.line_id.hex()}")
    typer.echo("")
    typer.echo(f"1. Copy {folder} to a second stick and keep both sticks in different safes.")
    typer.echo("   Without root.key and its passphrase nobody can ever change this line.")
    typer.echo(f"2. Edit the desks and their texts in {folder / 'agency.toml'}.")
    typer.echo(f"3. Give {folder / 'line.json'} to every investigator; it is public.")
    typer.echo(f"4. quietline agency enrol {folder} REQUEST --desk support")


@app.command()
@_plain_errors
def enrol(
    folder: Folder,
    request: Annotated[Path, typer.Argument(metavar="REQUEST", help="The request file.")],
    desk: Annotated[
        list[str], typer.Option(metavar="ID", help="A desk it reads for; may be repeated.")
    ],
    fingerprint: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS",
            help="The twelve words that the investigator read to you, to check without asking.",
        ),
    ] = None,
) -> None:
    """Enrol an investigator's machine, after comparing its twelve words by voice.

    A person's second machine is a second request. Enrolling a machine again with other desks
    changes its desks.
    """
    agency = AgencyFolder(folder)
    ceremonies.known_desks(agency, desk)
    data, line = asking.handed_over(request), agency.line()
    investigator = enrolment.read_request(data, line)
    words = enrolment.fingerprint_words(investigator, line)
    if fingerprint is None:
        typer.echo(f"Request from: {investigator.label}")
        typer.echo("Fingerprint of this request:")
        typer.echo("")
        for row in asking.words_in_rows(words):
            typer.echo(f"    {row}")
        typer.echo("")
        typer.echo("Call the investigator on a number you already knew, and let them read first.")
        if not _confirmed("Do these words match what the investigator reads to you?"):
            raise Suspicious(
                "Nobody was enrolled. Words that differ mean that this request is not theirs, or "
                "that they were given another line.json: send yours again, by another way, and "
                "ask for a new request."
            )
        fingerprint = words
    member = ceremonies.enrol(folder, data, desk, words=fingerprint, today=_today())
    desks = ", ".join(member.desks)
    typer.echo(f"Enrolled {member.investigator.label} for: {desks}.")
    if (tor := enrolment.tor_line(data)) is not None:
        typer.echo(f"The server's operator lets its Tor in by this line (desk-keys add): {tor}")
    typer.echo(f"It takes effect with the next `quietline agency directory {folder}`.")


@app.command()
@_plain_errors
def revoke(
    folder: Folder,
    who: Annotated[
        str,
        typer.Argument(metavar="LABEL|FINGERPRINT", help="A label, or a machine's twelve words."),
    ],
    status: Annotated[
        str,
        typer.Option(
            metavar="former|compromised",
            help="former: left in peace, or retired. compromised: lost, stolen, seized, or left in "
            "anger.",
        ),
    ],
    left: Annotated[
        dt.datetime | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            formats=["%Y-%m-%d"],
            help="For former: the day of leaving. [default: today]",
        ),
    ] = None,
) -> None:
    """Take a machine out of service.

    What a 'former' one answered, and still answers, is shown to reporters as from somebody who has
    left; what a 'compromised' one did is not shown at all.
    """
    day = left.date() if left else None
    member = ceremonies.revoke(folder, who, status, today=_today(), left=day)
    line = AgencyFolder(folder).line()
    typer.echo(f"{member.investigator.label} is now {status}: {_words(member.investigator, line)}.")
    typer.echo(
        "Reports go to this machine until you publish the next "
        f"`quietline agency directory {folder}`."
    )
    if status == "former":
        typer.echo(
            "From then on its answers are shown as from somebody who has left. Whoever has its "
            "keys can still write such answers: for somebody who left in anger, say compromised."
        )


@app.command()
@_plain_errors
def rotate(
    folder: Folder,
    passphrase_file: asking.PassphraseFile = None,
    new_passphrase_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Read the new root key's passphrase from the first line of FILE."
        ),
    ] = None,
) -> None:
    """Replace the root key by a new one, which the old one signs. The line's id stays."""
    AgencyFolder(folder)
    old = asking.passphrase(passphrase_file, ROOT_QUESTION)
    new = asking.new_passphrase(
        new_passphrase_file, "Choose a passphrase for the new root key", _check_new_passphrase
    )
    ceremonies.rotate_root(folder, passphrase=old, new_passphrase=new, rng=os.urandom)
    typer.echo("The root key is a new one. The old one signs nothing any more.")
    typer.echo("")
    typer.echo(f"1. quietline agency directory {folder}")
    typer.echo("   If the old key was stolen: with --version-above, the highest version seen.")
    typer.echo(f"2. quietline agency site {folder} --out DIR")
    typer.echo("3. Publish both together: a server takes a site only by the directory's root.")
    typer.echo(f"4. Copy {folder} over the copies in your safes, which hold the old key.")


@app.command()
@_plain_errors
def directory(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a second copy here, to publish.")
    ] = None,
    version_above: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Go above version N as well: of a directory that a thief of the root key signed.",
        ),
    ] = 0,
    date_is_right: DateIsRight = False,
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Sign a new directory: who reads for which desk, until when."""
    agency = AgencyFolder(folder)
    signed = ceremonies.sign_directory(
        folder,
        passphrase=asking.passphrase(passphrase_file, ROOT_QUESTION),
        today=_today(),
        version_above=version_above,
        date_is_right=date_is_right,
    )
    if out is not None:
        write_whole(out, signed.file)
    _show(signed.directory, agency.line())
    for warning in signed.warnings:
        typer.echo(f"Warning: {warning}", err=True)
    typer.echo(f"Publish {out or folder / 'directory.json'} on the server.")


@app.command("site")
@_plain_errors
def site_command(
    folder: Folder,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the finished site stands.")],
    passphrase_file: asking.PassphraseFile = None,
) -> None:
    """Make and sign the reporter's static site.

    DIR is replaced in one step: a server may go on serving from it.
    """
    AgencyFolder(folder)
    passphrase = asking.passphrase(passphrase_file, ROOT_QUESTION)
    with progress("Making the site") as step:
        written = site.write_site(folder, out, passphrase=passphrase, today=_today(), progress=step)
    typer.echo(
        f"Signed site version {written.version} into {out}: {written.files} files, "
        f"{written.size // 1024} kB."
    )
    for remark in site.site_remarks(folder, _today()):
        typer.echo(remark)


def _show(signed: Directory, line: Line) -> None:
    """Print the people and the desks, as reporters and consoles will see them."""
    desks: dict[int, list[str]] = {}
    for desk in signed.desks:
        for index in desk.members:
            desks.setdefault(index, []).append(desk.id)
    table = Table(box=None, pad_edge=False, header_style="")
    for heading in ("#", "Label", "Status", "Desks", "Fingerprint"):
        table.add_column(heading, overflow="fold")
    for index, one in enumerate(signed.investigators):
        table.add_row(
            str(index),
            one.label,
            one.status,
            ", ".join(desks.get(index, [])) or "–",
            _words(one, line),
        )
    Console(markup=False, highlight=False).print(table)
    typer.echo("")
    _show_desks(signed)
    typer.echo(f"Directory version {signed.version}, expires {signed.expires.isoformat()}.")


def _show_desks(signed: Directory) -> None:
    """Print what a reporter reads of each desk, and warn of what none can."""
    for desk in signed.desks:
        typer.echo(f"Reporters read of the desk '{desk.id}':")
        typer.echo(f"    hours: {plain_hours(desk.hours) or 'not said'}")
        typer.echo(f"    languages: {', '.join(desk.languages) or 'not said'}")
        typer.echo(f"    tells immigration: {desk.tells_immigration}")
        if missing := unsaid(desk):
            typer.echo(
                f"Warning: agency.toml does not say of '{desk.id}': {', '.join(missing)}. "
                "Reporters choose without knowing it.",
                err=True,
            )
    typer.echo("")


def _words(investigator: Investigator, line: Line) -> str:
    return enrolment.fingerprint_words(investigator, line)


def _check_new_passphrase(passphrase: Secret, *known: str) -> None:
    if (weak := weakness(passphrase, *known)) is not None:
        raise AgencyError(weak)


def _confirmed(question: str) -> bool:
    try:
        return typer.confirm(question)
    except typer.Abort:
        return False


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
