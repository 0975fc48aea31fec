"""The root key's file: opens with its passphrase only, and never lies open."""

import json
import os
import stat

import pytest

from app.agency import rootkey
from app.agency.errors import AgencyError, WrongPassphrase
from app.protocol.identities import verify_key
from app.protocol.secrets import Secret
from tests.agency.conftest import PASSPHRASE, Agency

SEED = Secret(bytes(range(32)))
WORDS = Secret(b"correct horse battery")


def sealed() -> rootkey.RootKeyFile:
    return rootkey.seal(SEED, WORDS, rng=os.urandom, kdf=rootkey.SYNTHETIC)


def test_the_passphrase_opens_what_was_sealed_and_the_public_half_needs_none() -> None:
    again = rootkey.RootKeyFile.parse(sealed().serialise())
    assert again.open(WORDS) == SEED
    assert again.root == verify_key(SEED)


def test_a_wrong_passphrase_says_so() -> None:
    with pytest.raises(WrongPassphrase, match="does not open the root key"):
        sealed().open(Secret(b"correct horse batterz"))


def test_the_same_seed_never_looks_the_same_twice() -> None:
    assert sealed().box != sealed().box


def test_a_real_key_is_stretched_over_256_mebibytes() -> None:
    assert rootkey.MODERATE.memlimit == 256 * 2**20
    assert rootkey.MODERATE.opslimit >= 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "something else"), ("v", 2), ("box", "AAAA"), ("root", "zz" * 32), ("kdf", {})],
)
def test_a_file_that_is_something_else_is_named_damaged(field: str, value: object) -> None:
    content = json.loads(sealed().serialise())
    content[field] = value
    with pytest.raises(AgencyError, match="damaged"):
        rootkey.RootKeyFile.parse(json.dumps(content).encode())


def test_a_public_half_that_was_swapped_is_noticed() -> None:
    content = json.loads(sealed().serialise())
    content["root"] = verify_key(Secret(bytes(32))).hex()
    with pytest.raises(AgencyError, match="damaged"):
        rootkey.RootKeyFile.parse(json.dumps(content).encode()).open(WORDS)


@pytest.mark.parametrize("kdf", [{"opslimit": 0}, {"memlimit": 1}, {"memlimit": -5}])
def test_impossible_parameters_are_named_damaged(kdf: dict[str, int]) -> None:
    content = json.loads(sealed().serialise())
    content["kdf"] |= kdf
    with pytest.raises(AgencyError, match="damaged"):
        rootkey.RootKeyFile.parse(json.dumps(content).encode()).open(WORDS)


def test_the_file_is_the_owners_alone_and_holds_neither_seed_nor_passphrase(
    agency: Agency,
) -> None:
    path = agency.folder / "root.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    seed = rootkey.RootKeyFile.parse(path.read_bytes()).open(agency.passphrase).reveal()
    for file in agency.folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert seed not in data
            assert seed.hex().encode() not in data
            assert PASSPHRASE.encode() not in data
