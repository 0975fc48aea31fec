"""An export checked wholly: what ``verify`` finds, and whose signature is on the manifest."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.console.evidence import verify
from app.protocol.directory import open_directory
from app.protocol.encoding import read_json, unhex
from app.protocol.errors import ProtocolError
from app.protocol.line import Line
from app.protocol.recipients import Investigator
from app.protocol.signatures import TAG_EXPORT
from app.protocol.signatures import verify as verify_signature


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, in words, and the signer as the agency's directory names them.

    The signer is None where no line was given to check that against.
    """

    found: list[str]
    signer: Investigator | None
    vk: bytes | None


def check_export(folder: Path, line: Line | None) -> Checked:
    """Return everything that can be checked. Raises OSError for a folder that is not there."""
    if not folder.is_dir():
        raise NotADirectoryError(0, "This is no folder", str(folder))
    found = verify.check(folder)
    try:
        data = (folder / verify.MANIFEST).read_bytes()
        manifest = read_json(data)
        signed = read_json((folder / verify.SIGNATURE).read_bytes())
        vk = unhex(signed["vk"], 32)
        signature = unhex(signed["signature"], 64)
        line_id = unhex(manifest["line"], 32)
    except (OSError, ProtocolError, KeyError, TypeError):
        return Checked(found or ["damaged: the manifest cannot be read"], None, None)
    try:
        verify_signature(TAG_EXPORT, vk, data, signature)
    except ProtocolError:
        return Checked(found or ["signature: it is not the manifest's"], None, None)
    if line is None:
        return Checked(found, None, vk)
    if line.line_id != line_id:
        return Checked([*found, "signature: this is an export of another hotline"], None, vk)
    signer = _signer(folder, line, vk)
    if signer is None:
        found.append("signature: its key is in no directory that this hotline's agency signed")
    elif signer.status == "compromised":
        found.append("signature: the agency has marked this console as compromised")
    elif signer.left is not None:
        found.append(f"signature: by a console that left the hotline on {signer.left}")
    return Checked(found, signer, vk)


def _signer(folder: Path, line: Line, vk: bytes) -> Any:
    try:
        directory = open_directory((folder / "directory.json").read_bytes(), line.line_id)
    except (OSError, ProtocolError):
        return None
    return next((one for one in directory.investigators if one.vk == vk), None)
