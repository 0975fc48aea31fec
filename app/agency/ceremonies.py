"""The ceremonies of an agency, for programs: no prompts, no clock, no randomness of its own.

    line = init_agency(folder, name=..., server=..., passphrase=Secret(b"..."), rng=os.urandom)
    member = enrol(folder, request_bytes, ["support"], words="twelve words ...", today=day)
    signed = sign_directory(folder, passphrase=Secret(b"..."), today=day)
    signed.file            # the bytes to publish; also lies in the folder as directory.json

``kdf=rootkey.SYNTHETIC`` makes init_agency quick for demonstrations and tests; the other ceremonies
read the parameters from root.key. The signed site is ``app.agency.site.write_site``.

Every ceremony either happens completely or leaves the folder as it was.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.agency import enrolment, rootkey, signing
from app.agency.errors import AgencyError, Suspicious
from app.agency.folder import AgencyFolder, Member
from app.agency.latest_directory import check_today, content_of, last_directory
from app.agency.line_addresses import clean_address, clean_onion
from app.protocol.directory import Directory, open_directory
from app.protocol.encoding import JSON_NUMBER_MAX
from app.protocol.errors import ProtocolError
from app.protocol.group import Rng
from app.protocol.identities import verify_key
from app.protocol.line import Line
from app.protocol.secrets import Secret

NAME_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class SignedDirectory:
    """A directory as signed: the file's bytes, the same read back and verified, and warnings."""

    file: bytes
    directory: Directory
    warnings: tuple[str, ...]


def init_agency(
    folder: Path,
    *,
    name: str,
    server: str,
    passphrase: Secret,
    rng: Rng,
    onion: str | None = None,
    investigators: str | None = None,
    kdf: rootkey.Kdf = rootkey.MODERATE,
) -> Line:
    """Make an agency's folder with a new root key and two example desks.

    The line's id is this first root's public key, for ever. Raises AgencyError where the folder is
    not empty or an address is not one that reporters could safely use.
    """
    if not 0 < len(name.strip()) <= NAME_MAX or not name.strip().isprintable():
        raise AgencyError(f"The line's name must be 1 to {NAME_MAX} printable characters.")
    server_address = clean_address(server)
    onion_address = None if onion is None else clean_onion(onion)
    own = None if investigators is None else clean_onion(investigators)
    if not passphrase.reveal():
        raise AgencyError("The passphrase is empty.")
    seed = Secret(rng(rootkey.SEED_BYTES))
    root = rootkey.seal(seed, passphrase, rng=rng, kdf=kdf)
    seed.wipe()
    line = Line(root.root, name.strip(), server_address, onion_address, own)
    AgencyFolder.create(folder, root=root, line=line)
    return line


def enrol(
    folder: Path, request: bytes, desks: Sequence[str], *, words: str, today: dt.date
) -> Member:
    """Enrol the machine that made ``request`` for ``desks``, or give an enrolled one other desks.

    ``words`` are the twelve that the investigator read out from their own machine. Raises
    Suspicious where they differ, where the request does not hold, or where this machine is already
    enrolled just so; AgencyError for a desk that agency.toml does not have.
    """
    agency = AgencyFolder(folder)
    line = agency.line()
    investigator = enrolment.read_request(request, line)
    chosen = known_desks(agency, desks)
    if not enrolment.same_words(words, enrolment.fingerprint_words(investigator, line)):
        raise Suspicious(
            "The words differ: this request is not from the machine that showed them, its label "
            "was changed, or that machine was made with another line.json than yours. "
            "Nobody was enrolled."
        )
    members = agency.members()
    member = Member(investigator, chosen, today.isoformat())
    for index, earlier in enumerate(members):
        if earlier.investigator.vk == investigator.vk:
            members[index] = _with_other_desks(earlier, member)
            break
    else:
        members.append(member)
    agency.keep_request(investigator, request)
    agency.write_members(members)
    return member


def known_desks(agency: AgencyFolder, desks: Sequence[str]) -> tuple[str, ...]:
    """Return the desks named, each once.

    Raises AgencyError for one that agency.toml does not have.
    """
    known = agency.texts().desk_ids()
    for desk in desks:
        if desk not in known:
            raise AgencyError(f"agency.toml has no desk '{desk}'. It has: {', '.join(known)}.")
    if not desks:
        raise AgencyError(f"Name at least one desk: {', '.join(known)}.")
    return tuple(dict.fromkeys(desks))


def _with_other_desks(earlier: Member, again: Member) -> Member:
    who = earlier.investigator.label
    if earlier.investigator.key_message() != again.investigator.key_message():
        raise Suspicious(
            f"This request uses the signing key of {who} with other keys. Ask {who} what happened."
        )
    if earlier.investigator.status != "active":
        raise Suspicious(
            f"This machine of {who} was revoked ({earlier.investigator.status}). "
            "It needs new keys and a new request to come back."
        )
    if set(earlier.desks) == set(again.desks):
        raise Suspicious(f"This machine of {who} is already enrolled for these desks.")
    return replace(earlier, desks=again.desks)


def revoke(
    folder: Path, who: str, status: str, *, today: dt.date, left: dt.date | None = None
) -> Member:
    """Mark one machine as ``former`` (left, retired) or ``compromised`` (lost, seized, in anger).

    ``who`` is a label that only one machine in use bears, or a machine's twelve words; ``left`` the
    day of leaving, for ``former`` alone, today if none is given. Raises AgencyError where it names
    none or several, or the day is to come. Takes effect with the next signed directory.
    """
    if status not in ("former", "compromised"):
        raise AgencyError("The status must be 'former' or 'compromised'.")
    if left is not None and (status != "former" or left > today):
        raise AgencyError("The day of leaving is one that has come, and for 'former' alone.")
    agency = AgencyFolder(folder)
    if status == "former":  # a theft is not made to wait for a date
        check_today(agency, today)
    members = agency.members()
    index = _find(members, who, status, agency.line())
    day = (left or today) if status == "former" else None
    members[index] = members[index].with_status(status, day)
    agency.write_members(members)
    return members[index]


def _find(members: Sequence[Member], who: str, status: str, line: Line) -> int:
    """Return the one machine meant by ``who`` without this status (or a worse one) yet."""
    named = [
        (index, member)
        for index, member in enumerate(members)
        if member.investigator.label == who.strip()
        or enrolment.same_words(who, enrolment.fingerprint_words(member.investigator, line))
    ]
    if not named:
        raise AgencyError(f"Nobody called '{who}' is enrolled, and no machine has such words.")
    changeable = [
        (index, member)
        for index, member in named
        if member.investigator.status == "active"
        or (member.investigator.status == "former" and status == "compromised")
    ]
    if not changeable:
        raise AgencyError(
            f"Nothing to change: this machine is already {named[0][1].investigator.status}."
        )
    if len(changeable) > 1:
        words = "; ".join(
            enrolment.fingerprint_words(one.investigator, line) for _, one in changeable
        )
        raise AgencyError(
            f"'{who}' has {len(changeable)} machines. Name the one you mean by its words: {words}."
        )
    return changeable[0][0]


def words_of_member(member: Member, line: Line) -> str:
    """Return a machine's twelve words, by which ``revoke`` finds it among a person's several."""
    return enrolment.fingerprint_words(member.investigator, line)


def sign_directory(
    folder: Path,
    *,
    passphrase: Secret,
    today: dt.date,
    version_above: int = 0,
    date_is_right: bool = False,
) -> SignedDirectory:
    """Sign a new directory, one version above the last, and keep it in the folder.

    ``version_above`` is a version to go above as well: of a directory that a thief signed with a
    stolen root key, since whoever has seen that one refuses lower versions.

    ``date_is_right`` is the operator's word that the date is, whatever the last directory says.

    Raises WrongPassphrase; AgencyError for a version that JSON does not hold; Suspicious as
    ``check_today``, and where the last directory in the folder does not verify (its version would
    be lost, and consoles refuse a version that goes back).
    """
    agency = AgencyFolder(folder)
    if not date_is_right:
        check_today(agency, today)
    if not 0 <= version_above < JSON_NUMBER_MAX:
        raise AgencyError(f"A version is a whole number below {JSON_NUMBER_MAX}.")
    line, members, root = agency.line(), agency.members(), agency.root_key()
    last = last_directory(agency)
    content = content_of(agency, max(last.version if last else 0, version_above) + 1, today)
    seed = root.open(passphrase)
    signed = signing.sign_directory_bytes(content, seed)
    seed.wipe()
    try:
        directory = open_directory(signed, line.line_id)
    except ProtocolError as error:
        raise Suspicious(
            f"The directory would not verify, so it was not kept: {error} "
            "Compare members.json and line.json with your backup."
        ) from None
    agency.write_directory(signed)
    return SignedDirectory(signed, directory, _warnings(members, directory))


def _warnings(members: Sequence[Member], directory: Directory) -> tuple[str, ...]:
    warnings = [
        f"The desk '{desk.id}' has no active member: reporters see it as closed."
        for desk in directory.desks
        if not set(desk.members) & set(directory.active)
    ]
    read_for = {index for desk in directory.desks for index in desk.members}
    for index in directory.active:
        if index not in read_for:
            warnings.append(
                f"{members[index].investigator.label} reads for no desk that agency.toml still "
                "has, and gets no reports. Enrol the same request again with --desk."
            )
    return tuple(warnings)


def rotate_root(
    folder: Path,
    *,
    passphrase: Secret,
    new_passphrase: Secret,
    rng: Rng,
    kdf: rootkey.Kdf = rootkey.MODERATE,
) -> bytes:
    """Replace the root key by a new one that the old one signs; returns the new public key (32).

    The line's id stays. Directories signed before go on verifying; the next one carries the longer
    chain, and what remembers the line refuses the old root from then on. If it was stolen and
    signed directories, go above their versions. Sign directory and site anew and publish both
    together: a server takes only a site that the directory's root signed. The old seed is gone
    afterwards, except from backups.
    """
    agency = AgencyFolder(folder)
    old = agency.root_key()
    old_seed = old.open(passphrase)
    new_seed = Secret(rng(rootkey.SEED_BYTES))
    link = signing.link_roots(old_seed, new_seed)
    agency.replace_root_key(
        rootkey.seal(new_seed, new_passphrase, rng=rng, kdf=kdf, chain=(*old.chain, link))
    )
    new_root = verify_key(new_seed)
    old_seed.wipe()
    new_seed.wipe()
    return new_root
