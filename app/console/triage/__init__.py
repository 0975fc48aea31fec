"""Pure rules over what was said and when.

    lifecycle    when bundles are made, when their keys may be destroyed, when a server's copy goes
    body         what a decrypted body says, read with distrust
    intake       the intake's questions in the investigator's words
    consent      which desks a reporter allows to know of a case
    fetching     which files are fetched without asking, and when again
    deadlines    by when a case needs something
    keeping      when a case may be destroyed; holds
    ready        ready-made answers by language
    caution      what to think of before an answer goes
    authorities  words that show whom a reporter wrote to
    wording      how dates, sizes, names and states are said to the investigator

Time and randomness are arguments, and nothing is read or written.
"""
