"""The keys that sign, looked at before anything is built: the signing itself comes last."""

from __future__ import annotations

from pathlib import Path

from deploy.release.source import Failed, run


def check(key: Path | None, apt_key: str | None) -> None:
    """Raise Failed unless what was named as a key is one that is here.

    ``key`` is an OpenSSH key's file, ``apt_key`` the fingerprint of a secret key of gpg's keyring;
    None for what is not to be signed. Neither a passphrase nor a token is asked for.
    """
    if key is not None:
        try:
            run("ssh-keygen", "-l", "-f", key.absolute())
        except (Failed, OSError) as error:
            raise Failed(f"{key} is no OpenSSH key that can be read here: {error}") from error
    if apt_key is not None:
        try:
            run("gpg", "--batch", "--list-secret-keys", apt_key)
        except (Failed, OSError) as error:
            raise Failed(f"gpg has no secret key {apt_key}: {error}") from error
