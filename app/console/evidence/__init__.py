"""What is handed out of a case: an export of all of it, or a copy with parts taken out.

    case_document  what a case says, as one plain document, read in one view of the vault
    redaction      the same document with messages, files, answers and words taken out of it
    spellings      where a phrase stands in a text, however it is written there
    rendering      the document as JSON, as text, as a page to read; the certificate
    bundle         the files of an export in order, its manifest and signature
    export_writer  those files into a folder or a zip, never with a name from outside
    verify         the verifier in every export, signature too: Python's standard library alone
    checking       the same, and whose signature it is, on this side
    interpreting   single texts for an interpreter, on a page that says nothing else

Spec: export. Nothing here opens a network or keeps plain bytes anywhere but in the export.
"""
