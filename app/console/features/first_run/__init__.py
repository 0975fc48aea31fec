"""The first run as pages: a new case store or one from a copy, the agency's answer, Tor, checks.

    first_run_feature  what it registers
    beginning_session  who may use these pages while there is no case store that proves anybody
    making             the case store: whole or not at all; how strong a passphrase is, in words
    beginning_pages    before there is one: language, new or restored, passphrase
    first_steps        what is done and what is not, of what comes after
    steps_pages        their page, the request for the agency, the agency's answer
    connection_pages   how this console reaches the hotline: its own Tor, bridges
    templates/         the pages
    static/            their style and script

Everything that was done lies in the case store, so that a first run goes on wherever it stopped;
what was typed before there is one is in memory, and is typed again.
"""
