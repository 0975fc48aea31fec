"""The agency's set-up: from nothing to a folder that is carried, and when it is called again."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from app.agency.folder import AgencyFolder
from app.protocol.directory import Directory, open_directory
from app.protocol.secrets import Secret
from app.setup.agency.this_computer import ThisComputer, connected
from app.setup.answers_file import FromFile
from app.setup.carried import FOLDER, ServerCard, read_consoles
from app.setup.dialogue import Misused
from app.setup.server.carried_folder import read_published
from app.setup.steps import NotRight, Waits
from tests.setup.conftest import (
    DAY,
    PASSPHRASE,
    TOR_KEY,
    answers_of,
    brought,
    line_of,
    put_card,
    set_up_agency,
)
from tests.setup.killing import killed_until_done

pytestmark = pytest.mark.usefixtures("quick_root_key")


@pytest.fixture
def stick(tmp_path: Path, card: ServerCard) -> Path:
    put_card(tmp_path / "stick", card)
    return tmp_path / "stick"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "agency"


def directory_in(place: Path) -> Directory:
    line = line_of(place)
    return open_directory((place / "directory.json").read_bytes(), line.line_id)


def test_from_nothing_to_a_folder_that_is_carried(
    stick: Path, folder: Path, card: ServerCard, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    answers = answers_of(
        stick,
        **{
            "languages": "en, es",
            "unreviewed.es": "yes",
            "second_copy": str(second),
            "desks.2.kind": "own",
            "desks.2.name.en": "Harbour mission",
            "desks.2.about.en": "People of the seamen's mission.",
            "desks.2.languages": "en, fil",
        },
    )
    with pytest.raises(Waits, match=r"Give line\.json to each"):
        set_up_agency(folder, answers)
    carried = stick / FOLDER
    assert [path.name for path in carried.iterdir()] == ["line.json"]
    line = line_of(carried)
    assert (line.name, line.server, line.onion, line.investigators) == (
        "Harbour line",
        card.reporters,
        card.reporters,
        card.investigators,
    )
    assert AgencyFolder(second / "agency").root_key().open(Secret(PASSPHRASE.encode()))

    answers |= brought(stick, line, "Caseworker 1")
    set_up_agency(folder, answers)
    published = read_published(carried)
    directory = published.directory.directory
    assert [desk.id for desk in directory.desks] == ["support", "harbour-mission"]
    support, own = directory.desks
    assert support.tells_immigration == "no"
    assert support.hours[0].begin == "09:00"
    assert "zh-Hans" in support.name
    assert own.name == {"en": "Harbour mission"}
    assert own.languages == ("en", "fil")
    assert [one.label for one in directory.investigators] == ["Caseworker 1"]
    assert list(read_consoles((carried / "consoles.json").read_bytes()).values()) == [TOR_KEY]
    assert "es/index.html" in published.site.files
    assert "fr/index.html" not in published.site.files
    page = published.site.files["en/index.html"].body.decode()
    assert "911" in page
    assert "United Kingdom" not in page
    # Nobody who takes the stick that travels has anything of the root key.
    root_key = (folder / "root.key").read_bytes()
    assert root_key not in [path.read_bytes() for path in stick.rglob("*") if path.is_file()]
    assert (second / "agency" / "members.json").read_bytes() == (
        folder / "members.json"
    ).read_bytes()

    # A second time signs nothing; not even the passphrase is asked for.
    (stick / "passphrase").unlink()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    set_up_agency(folder, answers)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_called_again_it_adds_renews_and_signs_anew(stick: Path, folder: Path) -> None:
    answers = answers_of(stick)
    with pytest.raises(Waits):
        set_up_agency(folder, answers)
    line = line_of(folder)
    answers |= brought(stick, line, "Caseworker 1")
    set_up_agency(folder, answers)
    assert directory_in(stick / FOLDER).version == 1

    answers |= brought(stick, line, "Caseworker 2", 2)
    answers |= {"desks.2.kind": "police", "readers.1.desks": "support, police"}
    set_up_agency(folder, answers)
    second = directory_in(stick / FOLDER)
    assert second.version == 2
    assert {desk.id: desk.members for desk in second.desks} == {"support": (0, 1), "police": (0,)}

    soon = second.expires - dt.timedelta(days=59)
    set_up_agency(folder, answers, soon)
    assert directory_in(stick / FOLDER).expires > second.expires

    set_up_agency(folder, answers | {"publish_again": "yes"}, soon)
    assert directory_in(stick / FOLDER).version == 4

    with pytest.raises(NotRight, match=r"before .* when the last directory was signed"):
        set_up_agency(folder, answers | {"publish_again": "yes"}, DAY)


def test_a_copy_takes_nothing_away_and_is_one(
    stick: Path, folder: Path, card: ServerCard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the only root key of another hotline, nor somebody's papers; and never the folder itself.

    Each would be lost in silence, or found missing when this computer breaks.
    """
    other_stick = tmp_path / "other stick"
    put_card(other_stick, card)
    answers = answers_of(other_stick, second_copy=str(other_stick))
    with pytest.raises(Waits):
        set_up_agency(tmp_path / "elsewhere" / "agency", answers)
    others = (other_stick / "agency" / "root.key").read_bytes()
    folder.parent.mkdir()
    for place, why in (
        (other_stick, "of another hotline"),
        (folder.parent, "a copy goes to a stick"),
        (folder, "a copy goes to a stick"),
    ):
        with pytest.raises(NotRight, match=why):
            set_up_agency(folder, answers_of(stick, second_copy=str(place)))
    assert (other_stick / "agency" / "root.key").read_bytes() == others
    assert not (folder / "agency").exists()

    papers = tmp_path / "papers"
    (papers / "agency").mkdir(parents=True)
    (papers / "agency" / "lease.pdf").touch()
    with pytest.raises(NotRight, match="something else, and would be lost"):
        set_up_agency(folder, answers_of(stick, second_copy=str(papers)))
    assert (papers / "agency" / "lease.pdf").exists()

    with pytest.raises(NotRight, match="of another hotline"):
        set_up_agency(folder, answers_of(stick, give_to=str(other_stick)))
    own = tmp_path / "own"
    own.mkdir()
    capsys.readouterr()
    with pytest.raises(Waits):
        set_up_agency(folder, answers_of(stick, second_copy=str(own)))
    assert "on the same disk as the folder itself" in capsys.readouterr().out
    assert (own / "agency" / "root.key").is_file()


def test_a_computer_that_was_set_back_leaves_the_newer_copy(stick: Path, folder: Path) -> None:
    with pytest.raises(Waits):
        set_up_agency(folder, answers_of(stick, second_copy=str(stick)))
    before = folder.with_name("before")
    shutil.copytree(folder, before)
    answers = answers_of(stick, second_copy=str(stick))
    answers |= brought(stick, line_of(folder), "Caseworker 1")
    set_up_agency(folder, answers)
    shutil.rmtree(folder)
    before.rename(folder)
    with pytest.raises(NotRight, match="is newer than what is here"):
        set_up_agency(folder, answers)
    assert directory_in(stick / "agency").version == 1


def test_words_that_differ_enrol_nobody(stick: Path, folder: Path) -> None:
    answers = answers_of(stick)
    with pytest.raises(Waits):
        set_up_agency(folder, answers)
    answers |= brought(stick, line_of(folder), "Caseworker 1")
    answers["readers.1.words"] = answers["readers.1.words"].replace(" ", " x", 1)
    with pytest.raises(NotRight, match="The words differ"):
        set_up_agency(folder, answers)
    assert AgencyFolder(folder).members() == []
    assert not (stick / FOLDER / "directory.json").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"addresses_compared": "no"}, "The addresses were not compared"),
        ({"countries": "us, atlantis"}, "'countries': There is no atlantis"),
        ({"languages": ""}, "'languages': Name at least one"),
        ({"desks.1.hours": "whenever"}, "'desks.1.hours': “whenever” in hours"),
        ({"desks.1.tells_immigration": "maybe"}, "Ask a lawyer"),
        ({"desks.1.kind": "other"}, "'desks.1.kind': One of: support, police, own"),
    ],
)
def test_a_wrong_answer_is_named_in_words(
    stick: Path, folder: Path, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises((Misused, NotRight), match=said):
        set_up_agency(folder, answers_of(stick, **wrong))


def test_a_weak_passphrase_makes_nothing(stick: Path, folder: Path) -> None:
    answers = answers_of(stick)
    (stick / "passphrase").write_text("password1234\n")
    with pytest.raises(NotRight, match="would be guessed"):
        set_up_agency(folder, answers)
    assert not folder.exists()


def test_it_waits_for_the_servers_file(stick: Path, folder: Path) -> None:
    answers = answers_of(stick)
    (stick / "quietline-server.json").unlink()
    with pytest.raises(Waits, match=r"quietline-server\.json is waited for"):
        set_up_agency(folder, answers)


def test_a_network_is_named(tmp_path: Path) -> None:
    for name, state in (("lo", "unknown"), ("eth0", "up"), ("wlan0", "down"), ("tun0", "unknown")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "operstate").write_text(f"{state}\n")
    assert connected(tmp_path) == ["eth0", "tun0"]
    refused = ThisComputer(FromFile({"offline": "yes"}), DAY, lambda: ["eth0"])
    refused.do()
    with pytest.raises(NotRight, match=r"still on a network \(eth0\)"):
        refused.found()
    allowed = ThisComputer(FromFile({"offline": "anyway"}), DAY, lambda: ["eth0"])
    allowed.do()
    assert "ON A NETWORK" in allowed.found()
    off = ThisComputer(FromFile({}), DAY, list)
    off.do()
    assert off.found() == "This computer is on no network."
    assert not off.date_is_right
    with pytest.raises(NotRight, match="Set the date first"):
        ThisComputer(FromFile({"date_is_right": "no"}), DAY, list).do()


def test_killed_at_each_step_it_goes_on_where_it_was(stick: Path, folder: Path) -> None:
    answers = answers_of(stick)
    line_ids: set[bytes] = set()

    def look() -> None:
        if folder.exists():  # whole, or not there at all
            agency = AgencyFolder(folder)
            line_ids.add(agency.line().line_id)
            agency.root_key().open(Secret(PASSPHRASE.encode())).wipe()
            agency.texts()
            agency.members()
        if (stick / FOLDER).exists():
            line_of(stick / FOLDER)
        if (stick / FOLDER / "directory.json").exists():
            read_published(stick / FOLDER)

    def until_it_waits() -> None:
        with pytest.raises(Waits):
            set_up_agency(folder, answers)

    assert killed_until_done(until_it_waits, look) > 3
    answers |= brought(stick, line_of(folder), "Caseworker 1")
    assert killed_until_done(lambda: set_up_agency(folder, answers), look) > 1
    assert len(line_ids) == 1
    published = read_published(stick / FOLDER)
    assert [one.label for one in published.directory.directory.investigators] == ["Caseworker 1"]
    assert [path.name for path in stick.rglob(".*")] == []
