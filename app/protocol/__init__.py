"""QL1, the protocol, as a pure core: bytes in, bytes out.

No file, socket, clock or framework is touched here; randomness and time are arguments.
The specification is docs/spec; every module names the file it implements.

Public side (the server may import it):

    errors      one root, few classes, one sentence each
    encoding    text forms of bytes: base64url, lower-case hex, JSON
    wire        the fixed layouts that travel
    group       ristretto255
    kdf         HKDF-SHA256
    shuffle     a random order that tells nothing
    signatures  Ed25519 with a domain tag each: verifying
    line        line.json: what everyone may know of a line
    directory   who reads for the line, in which desks, signed
    recipients  those one can write to, by their public keys
    bundles     an investigator's keys for one window
    challenges  the challenge set of an epoch
    site        the files that a line publishes, signed
    work        the small sum that storing costs

Private side (holds or uses secret keys; never imported by the server or the site builder):

    secrets      a byte string that does not print itself
    identities   secret keys and what is derived from them
    hpke         the two modes of HPKE that QL1 uses
    envelope     one message of 19,936 bytes
    batch        a send: one envelope for each active investigator
    bodies       what a message says
    answers      solving a challenge set
    attachments  equal chunks that nobody can group
    receipt      receipt codes
    letter       a cooperation letter, from its holder's side
    operation    one signed step of a desk's shared work
    transfer     a case on its way to another line
"""
