"""The agency's offline machine: the only place where the root key ever is.

Start reading at ``ceremonies``, which is also the interface for programs (no prompts, no clock,
no randomness of its own: all three are arguments):

    ceremonies         init_agency · enrol · revoke · sign_directory · rotate_root
    site               write_site: the reporter's static site, signed, put in place in one step
    screen_recordings  what is to be read out on a screen, and taking recordings in
    posters/           cards, posters and screens that tell of the line
    pack               what is due in the information pack; signing that an entry was found right
    reviewing          a page for whoever reviews a language; taking in what comes back

and below them, one idea each:

    rootkey           the Ed25519 root seed in a passphrase-protected file
    folder            what lies in the agency's folder, read and written
    line_addresses    where a line is reached: https, an onion, or this machine itself
    texts             agency.toml: desks and their texts, edited by hand
    example_desks     which of the example's desks a new agency begins with
    desk_facts        of agency.toml: a desk's hours, languages, whether it must tell immigration
    enrolment         an investigator's request file and its fingerprint in twelve words
    sound_conversion  a recording made into the form that is published, by ffmpeg
    returned_review   the file that comes back from a reviewer, checked
    review_records    what was reviewed, signed, and what it covers
    review_coverage   which languages may be published, and which must admit what is unreviewed
    text_changes      another text of a sentence, put into the agency's own files
    latest_directory  the directory signed last, beside the folder as it is and today's date
    signing           the bytes of the directory and of the site's manifest, signed; chains of roots
    errors            what can go wrong, as sentences for the person who sits there
    console_coverage  what of the console was reviewed, as the signed site tells consoles
    published_desks   the desks as reporters read them: those of the directory signed last

Nothing here opens a network connection, and nothing here asks a person anything: that is
``app.cli.agency.agency_commands``.
"""
