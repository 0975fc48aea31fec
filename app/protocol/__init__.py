"""QL1, the protocol, as a pure core: bytes in, bytes out.

No file, socket, clock or framework is touched here; randomness and time are arguments.

Public side (the server may import it)
    errors, encoding, group, kdf, shuffle, wire, signatures, line, recipients, directory, bundles,
    challenges, work
Private side (holds or uses secret keys; never imported by the server or the site builder)
    secrets, identities, hpke, envelope, batch, bodies, answers, attachments, receipt, letter

The specification is docs/spec; every module names the file it implements.
"""
