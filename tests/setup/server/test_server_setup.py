"""The server's set-up on a bare machine, and on ones where something is there already."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.protocol.encoding import b64u
from app.setup.answers_file import FromFile
from app.setup.carried import CARD, CONSOLES, FOLDER, ServerCard, line_numbers
from app.setup.server import server_setup
from app.setup.steps import NotRight, Waits, walk
from tests.setup.conftest import (
    TOR_KEY,
    answers_of,
    brought,
    line_of,
    put_card,
    set_up_agency,
)
from tests.setup.killing import killed_until_done
from tests.setup.machine import FakeMachine, answering

ANSWERS = {"line_name": "Harbour line", "attachments_gib": "1"}


@pytest.fixture
def machine(tmp_path: Path, card: ServerCard) -> Iterator[FakeMachine]:
    """Give a bare machine whose Tor makes the onions of the signed folder."""
    made = FakeMachine(tmp_path / "m")
    for name, address in (
        ("quietline", card.reporters),
        ("quietline-desk", card.investigators),
    ):
        hostname = made.root / "var/lib/tor" / name / "hostname"
        hostname.parent.mkdir(parents=True)
        hostname.write_text(f"{address.removeprefix('http://')}\n")
    with answering(made):
        yield made


def set_up(machine: FakeMachine, answers: Mapping[str, str]) -> list[str]:
    """Walk through; return the doctor's findings, by what they are about."""
    found: list[str] = []
    dialogue = FromFile({**ANSWERS, **answers})
    choices = server_setup.ask_choices(machine.host(), dialogue)
    steps = server_setup.steps_of(
        machine.host(),
        dialogue,
        choices,
        lambda report: found.extend(one.about for one in report.findings),
    )
    walk(steps, dialogue)
    return found


def finish(machine: FakeMachine, answers: Mapping[str, str]) -> None:
    """Walk through to the doctor, which sees a test's folders and may find them wrong."""
    with contextlib.suppress(server_setup.Findings):
        set_up(machine, answers)


def files_of(root: Path) -> dict[str, bytes]:
    """Return what a set-up leaves: all but keys and logs of the test's own."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "stands-in" not in path.parts and path.name != "nobody.auth"
    }


def test_first_it_gives_addresses_and_waits(machine: FakeMachine, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with pytest.raises(Waits, match="type `quietline setup agency` there"):
        set_up(machine, {"give_to": str(stick), "web": "tips.example.org"})
    given = ServerCard.parse((stick / CARD).read_bytes())
    assert given.line_name == "Harbour line"
    assert given.web == "https://tips.example.org"
    assert (machine.root / "srv/quietline" / CARD).read_bytes() == (stick / CARD).read_bytes()
    assert not (machine.root / "etc/quietline/server.toml").exists()
    # The second onion is closed before Tor sees it for the first time.
    keys = machine.root / "var/lib/tor/quietline-desk/authorized_clients"
    assert [path.name for path in keys.iterdir()] == ["nobody.auth"]
    calls = machine.calls()
    init = next(at for at, one in enumerate(calls) if one.endswith("quietline-desk init"))
    assert init < calls.index("systemctl restart tor@default")


def test_with_the_agencys_folder_it_starts_and_lets_consoles_in(
    machine: FakeMachine, signed: Path
) -> None:
    finish(machine, {"look_in": str(signed)})
    line = line_of(signed / FOLDER)
    settings = (machine.root / "etc/quietline/server.toml").read_text()
    assert f'line_id = "{b64u(line.line_id)}"' in settings
    assert "blob_quota_bytes = 1073741824" in settings
    published = machine.root / "srv/quietline"
    for name in ("directory.json", "line.json", CONSOLES, "site/manifest.json", "site/index.html"):
        assert (published / name).read_bytes() == (signed / FOLDER / name).read_bytes()
        assert (published / name).stat().st_mode & 0o777 == 0o644
    keys = machine.root / "var/lib/tor/quietline-desk/authorized_clients"
    [ours] = keys.glob("agency-*.auth")
    assert ours.read_text() == f"{TOR_KEY}\n"
    for unit in ("quietline-server", "quietline-backup.timer"):
        assert f"systemctl enable --now {unit}" in machine.calls()

    # A second time changes nothing and runs nothing; a disk that has filled since is no matter.
    before, ran = files_of(machine.root), machine.calls()
    finish(machine, {"look_in": str(signed), "attachments_gib": "1000000"})
    assert files_of(machine.root) == before
    assert machine.calls() == ran


def test_only_what_was_signed_is_taken(
    machine: FakeMachine, signed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(signed / FOLDER, stick / FOLDER)
    (stick / FOLDER / "site" / "more.html").write_text("not signed")
    (stick / FOLDER / "more").write_text("not signed")
    finish(machine, {"look_in": str(stick)})
    assert not (machine.root / "srv/quietline/site/more.html").exists()
    assert not (machine.root / "srv/quietline/more").exists()

    shutil.rmtree(machine.root / "srv/quietline/site")
    (stick / FOLDER / "site" / "index.html").write_text("changed on the way")
    with pytest.raises(Waits):
        set_up(machine, {"look_in": str(stick)})
    assert "index.html is not the file that was signed" in capsys.readouterr().out


def test_the_folder_of_another_server_is_refused(
    machine: FakeMachine, signed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Waits):
        set_up(machine, {"look_in": str(signed), "web": "tips.example.org"})
    assert "Not taken: This folder is for another server" in capsys.readouterr().out
    assert not (machine.root / "srv/quietline/line.json").exists()


@pytest.mark.usefixtures("quick_root_key")
def test_a_folder_that_somebody_else_signed_is_not_the_agencys(
    machine: FakeMachine, signed: Path, card: ServerCard, tmp_path: Path
) -> None:
    """The onions are public: anybody can sign a line of their own for them, and read what comes."""
    theirs, folder = tmp_path / "theirs", tmp_path / "agency"
    put_card(theirs, card)
    answers = answers_of(theirs)
    with pytest.raises(Waits):
        set_up_agency(folder, answers)
    set_up_agency(folder, answers | brought(theirs, line_of(folder), "Mallory"))
    numbers = line_numbers(line_of(signed / FOLDER).line_id)
    with pytest.raises(NotRight, match="not the agency's"):
        set_up(machine, {"look_in": str(theirs), "line_numbers": numbers})
    assert not (machine.root / "srv/quietline/line.json").exists()
    first, *others = numbers.split()
    typed = [first.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), *others]
    typed = [one.lstrip("0٠") or "0" for one in typed]  # as somebody writes what was read out
    finish(machine, {"look_in": str(signed), "line_numbers": ", ".join(typed)})
    assert line_of(machine.root / "srv/quietline") == line_of(signed / FOLDER)
    finish(machine, {"look_in": str(theirs)})
    assert line_of(machine.root / "srv/quietline") == line_of(signed / FOLDER)


@pytest.mark.usefixtures("quick_root_key")
def test_a_newer_folder_takes_the_place_and_an_older_one_does_not(
    machine: FakeMachine, card: ServerCard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick, folder = tmp_path / "stick", tmp_path / "agency"
    put_card(stick, card)
    answers = answers_of(stick)
    with pytest.raises(Waits):
        set_up_agency(folder, answers)
    answers |= brought(stick, line_of(folder), "Caseworker 1")
    set_up_agency(folder, answers)
    old = tmp_path / "old"
    shutil.copytree(stick / FOLDER, old / FOLDER)
    finish(machine, {"look_in": str(stick)})
    set_up_agency(folder, answers | brought(stick, line_of(folder), "Caseworker 2", 2))
    finish(machine, {"look_in": str(stick)})
    keys = machine.root / "var/lib/tor/quietline-desk/authorized_clients"
    assert len(list(keys.glob("agency-*.auth"))) == 2
    (keys / "by-hand.auth").write_text(f"{TOR_KEY}\n")

    capsys.readouterr()
    finish(machine, {"look_in": str(old)})
    said = capsys.readouterr().out
    assert "a directory only ever grows" in said
    assert "directory 2" in said
    assert len(list(keys.glob("*.auth"))) == 4

    # Of a folder without keys the agency's go; the operator's own stay.
    shutil.copytree(stick / FOLDER, tmp_path / "new" / FOLDER)
    (machine.root / "srv/quietline" / CONSOLES).write_text('{"v": 1, "consoles": {}}')
    finish(machine, {"look_in": str(old)})
    assert sorted(path.stem for path in keys.glob("*.auth")) == ["by-hand", "nobody"]


def test_what_others_put_there_stays(machine: FakeMachine, signed: Path) -> None:
    etc = machine.root / "etc"
    (etc / "tor/torrc").write_text("# ours\nSocksPort 9050\n")
    (etc / "apparmor.d/local").mkdir(parents=True)
    (etc / "apparmor.d/system_tor").touch()
    (etc / "apparmor.d/local/system_tor").write_text("/srv/other r,\n")
    (etc / "quietline").mkdir()
    (etc / "quietline/server.toml").write_text('line_id = "put it here"\nslots_cap = 8192\n')
    with pytest.raises(NotRight):  # the doctor: the rest of these settings is missing
        set_up(machine, {"look_in": str(signed)})
    torrc = (etc / "tor/torrc").read_text()
    assert torrc.startswith("# ours\nSocksPort 9050\n\n# The reporters' onion.")
    assert "SocksPort 0" not in torrc
    assert (etc / "apparmor.d/local/system_tor").read_text().startswith("/srv/other r,\n# /etc")
    settings = (etc / "quietline/server.toml").read_text()
    assert "slots_cap = 8192" in settings
    assert "put it here" not in settings


def test_debians_torrc_of_remarks_alone_is_kept_beside(machine: FakeMachine) -> None:
    torrc = machine.root / "etc/tor/torrc"
    torrc.write_text("## Configuration file for a typical Tor user\n#SocksPort 9050\n")
    with pytest.raises(Waits):
        set_up(machine, {})
    assert torrc.read_text() == Path("deploy/tor/torrc").read_text()
    assert "typical" in (machine.root / "etc/tor/torrc.before-quietline").read_text()


def test_what_the_package_laid_is_not_laid_again(machine: FakeMachine) -> None:
    packaged = machine.root / "usr/lib/systemd/system/quietline-server.service"
    packaged.parent.mkdir(parents=True)
    packaged.touch()
    with pytest.raises(Waits):
        set_up(machine, {})
    laid = {path.name for path in (machine.root / "etc/systemd/system").glob("*.*")}
    assert laid == {"quietline-backup.service", "quietline-backup.timer", "tor@default.service.d"}


def test_on_the_open_web_caddy_stands_before_it(
    machine: FakeMachine, card: ServerCard, tmp_path: Path
) -> None:
    from app.setup.server.open_web import OpenWeb

    web = OpenWeb(machine.host(), FromFile({}), "help.example.net", lambda: card.reporters)
    assert not web.done()
    web.do()
    caddyfile = (machine.root / "etc/caddy/Caddyfile").read_text()
    assert "\nhelp.example.net {" in caddyfile
    assert f'Onion-Location "{card.reporters}{{uri}}"' in caddyfile
    assert "example.org" not in caddyfile
    assert "usermod --append --groups quietline caddy" in machine.calls()
    assert web.done()

    (machine.root / "etc/caddy/Caddyfile").write_text("other.example.net {\n}\n")
    with pytest.raises(NotRight, match="left as it is"):
        web.do()
    allowed = FromFile({"replace_caddyfile": "yes"})
    OpenWeb(machine.host(), allowed, "help.example.net", lambda: card.reporters).do()
    assert "other" in (machine.root / "etc/caddy/Caddyfile.before-quietline").read_text()


def test_a_program_that_fails_is_named_with_what_it_said(machine: FakeMachine) -> None:
    host = server_setup.Host(machine.root, lambda _: "no such unit", lambda _: True)
    with pytest.raises(NotRight, match="`systemd-sysusers` did not work: no such unit"):
        walk(
            server_setup.steps_of(
                host, FromFile({}), server_setup.ServerChoices("X", None, 1, []), lambda _: None
            ),
            FromFile({}),
        )


def test_killed_it_goes_on(machine: FakeMachine, signed: Path) -> None:
    published = machine.root / "srv/quietline"

    def look() -> None:
        # What a server would read is never half there.
        if (published / "line.json").is_file():
            line_of(published)
        for path in machine.root.rglob("*.auth"):
            assert path.read_text().endswith("\n")

    kills = killed_until_done(lambda: finish(machine, {"look_in": str(signed)}), look)
    assert kills > 3
    after = files_of(machine.root)
    whole = FakeMachine(machine.root.with_name("whole"))
    shutil.copytree(machine.root / "var/lib/tor", whole.root / "var/lib/tor", dirs_exist_ok=True)
    shutil.rmtree(whole.root / "var/lib/tor/quietline-desk/authorized_clients")
    with answering(whole):
        finish(whole, {"look_in": str(signed)})
    expected = {
        name: data.replace(bytes(whole.root), bytes(machine.root))
        for name, data in files_of(whole.root).items()
    }
    assert {name: data for name, data in after.items() if "/." not in name} == expected
