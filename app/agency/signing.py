"""What the root key signs: directories, site manifests, checked entries, reviews, the next root.

Pure: keys and content in, bytes out (spec: directory, site, signatures).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from app.agency.rootkey import RootLink
from app.agency.texts import AgencyTexts
from app.protocol.directory import VERSION
from app.protocol.encoding import b64u, json_bytes
from app.protocol.identities import sign, verify_key
from app.protocol.recipients import Investigator
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_DIRECTORY, TAG_ENTRY, TAG_REVIEW, TAG_ROOT, TAG_SITE


def directory_bytes(
    *,
    line_id: bytes,
    version: int,
    issued: dt.date,
    chain: Sequence[RootLink],
    investigators: Sequence[Investigator],
    members: Mapping[str, Sequence[int]],
    texts: AgencyTexts,
) -> bytes:
    """Return the exact bytes that are signed.

    ``members`` gives each desk's investigators by index.
    """
    return json_bytes(
        {
            "v": VERSION,
            "line_id": b64u(line_id),
            "version": version,
            "issued": issued.isoformat(),
            "expires": (issued + dt.timedelta(days=texts.expires_days)).isoformat(),
            "roots": [
                {"root": b64u(link.root), "signature": b64u(link.signature)} for link in chain
            ],
            "investigators": [_entry(one) for one in investigators],
            "desks": [
                {
                    "id": desk.id,
                    "members": list(members.get(desk.id, ())),
                    "name": desk.name,
                    "about": desk.about,
                    **desk.facts.entry(),
                }
                for desk in texts.desks
            ],
            "params": {
                "message_days": texts.message_days,
                "window_seconds": texts.window_seconds,
                **({"recovery": texts.recovery} if texts.recovery else {}),
            },
        }
    )


def _entry(investigator: Investigator) -> dict[str, Any]:
    return {
        "vk": b64u(investigator.vk),
        "dh": b64u(investigator.dh),
        "mlkem": b64u(investigator.mlkem),
        "fetch": b64u(investigator.fetch),
        "sig": b64u(investigator.signature),
        "label": investigator.label,
        "status": investigator.status,
        **({"left": investigator.left.isoformat()} if investigator.left else {}),
    }


def sign_directory_bytes(content: bytes, root_seed: Secret) -> bytes:
    """Return the directory's file: the signed bytes, the signature and the root that made it."""
    return _signed_file("directory", TAG_DIRECTORY, content, root_seed)


def manifest_bytes(
    *, line_id: bytes, version: int, issued: dt.date, files: Mapping[str, str]
) -> bytes:
    """Return the manifest of a site.

    ``files`` gives each file's SHA-256 (hex) by its path from the root.

    ``version`` only grows; it is the site's own, not the directory's.
    """
    return json_bytes(
        {
            "v": 1,
            "line_id": b64u(line_id),
            "version": version,
            "issued": issued.isoformat(),
            "files": dict(files),
        }
    )


def sign_manifest(content: bytes, root_seed: Secret) -> bytes:
    """Return the file manifest.json that stands at the site's root."""
    return _signed_file("manifest", TAG_SITE, content, root_seed)


def sign_entry(checked: bytes, root_seed: Secret) -> bytes:
    """Return the 64-byte signature under an entry of the information pack that was found right."""
    return sign(root_seed, TAG_ENTRY, checked)


def sign_review(content: bytes, root_seed: Secret) -> bytes:
    """Return the file of a review that was accepted: its bytes, the signature and the root."""
    return _signed_file("review", TAG_REVIEW, content, root_seed)


def link_roots(old_seed: Secret, new_seed: Secret) -> RootLink:
    """Return the step from one root to the next: the old one signs the new one's public key."""
    new_root = verify_key(new_seed)
    return RootLink(new_root, sign(old_seed, TAG_ROOT, new_root))


def _signed_file(name: str, tag: bytes, content: bytes, root_seed: Secret) -> bytes:
    return json_bytes(
        {
            name: b64u(content),
            "signature": sign(root_seed, tag, content).hex(),
            "root": verify_key(root_seed).hex(),
        }
    )
