"""Pure rules: time and randomness are arguments, and nothing is read or written.

lifecycle  when bundles are made, when their keys may be destroyed, when a server's copy goes
body       what a decrypted body says, read with distrust
fetching   which files are fetched without asking, and when again
wording    how dates, sizes, languages and states are said to the investigator
"""
