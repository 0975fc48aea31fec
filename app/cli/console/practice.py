"""``quietline console practice``: a console with made-up cases, for a line that does not exist.

Line, agency, keys and vault are made for one sitting in a temporary folder that goes with it.
"""

import datetime as dt
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Annotated

import typer

from app.agency import ceremonies, rootkey
from app.cli.console import serving
from app.cli.terminal import asking
from app.console import errors
from app.console.errors import ConsoleError
from app.console.features.practice.practice_console import SIGN_IN_WORDS, PracticeConsole
from app.console.vault import Kdf, Vault
from app.console.vault.installation import owner
from app.console.vault.keys.header import HEADER_NAME
from app.console.vault.setup import init_vault
from app.console.web.console_settings import ConsoleSettings
from app.protocol.secrets import Secret

LINE_NAME = "Practice line (made up)"
NOWHERE = "http://127.0.0.1:9"
"""The address of a line that has no server: the port that throws everything away."""
MEMBERS = (("you", "You", ("support",)), ("police", "Sam (made up)", ("police",)))

_plain_errors = asking.plain_errors(found=(errors.VaultDamaged,), misused=(ConsoleError,))


@_plain_errors
def practice(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where progress is kept; made if need be.")
    ],
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 8101,
    with_console: Annotated[
        bool,
        typer.Option(
            "--with-console",
            hidden=True,
            help="Print one JSON line, and end when standard input ends: a console began this.",
        ),
    ] = False,
) -> None:
    """Practise with made-up cases: nothing real is there, and nothing leaves this machine."""
    if (folder / HEADER_NAME).exists():
        raise ConsoleError(f"{folder} is a real case store. Practice needs a folder of its own.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Ended by a signal, it still removes the sitting.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if with_console:
        threading.Thread(target=_end_with_input, daemon=True).start()
    sitting = Path(tempfile.mkdtemp(prefix="quietline-practice-"))
    try:
        with serving.listen(port) as listening:
            # No interval: it answers when something was written. It has no reason to lock itself.
            settings = ConsoleSettings(port=port, interval=0, idle_minutes=0)
            console = PracticeConsole(sitting / "you", folder, settings)
            console.port = listening.getsockname()[1]
            console.adopt(make_vault(sitting))
            link = console.login_url()
            if with_console:
                print(json.dumps({"login": link, "console": console.address}))
            else:
                typer.echo("Open this link in the browser of this computer. It works once:")
                typer.echo(f"\n  {link}\n")
                typer.echo("All cases are made up. Ctrl-C ends practice and removes them.")
            sys.stdout.flush()
            serving.serve(console, listening)
    finally:
        shutil.rmtree(sitting, ignore_errors=True)


def make_vault(folder: Path) -> Vault:
    """Return a vault in ``folder``/you for a line that is served by none.

    Its agency is forgotten at once.
    """
    today = dt.datetime.now(dt.UTC).date()
    passphrase = Secret(SIGN_IN_WORDS.encode())
    agency = folder / "agency"
    ceremonies.init_agency(
        agency,
        name=LINE_NAME,
        server=NOWHERE,
        passphrase=passphrase,
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )
    line = (agency / "line.json").read_bytes()
    for name, label, desks in MEMBERS:
        made = init_vault(folder / name, line, label, passphrase, Kdf.SYNTHETIC)
        ceremonies.enrol(agency, made.request.read_bytes(), desks, words=made.words, today=today)
    signed = ceremonies.sign_directory(agency, passphrase=passphrase, today=today)
    shutil.rmtree(agency)
    shutil.rmtree(folder / MEMBERS[1][0])
    vault = Vault.open(folder / MEMBERS[0][0], passphrase)
    with vault.write() as tx:
        at = int(dt.datetime.now(dt.UTC).timestamp())
        owner.store_directory(tx, signed.directory.version, signed.file, at)
    return vault


def _end_with_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
