"""What the investigator sees: requests in, HTML out.

The list, and finding in it:

    case_pages        the list of cases, one case beside it
    list_views        which cases a list shows: views, filters, saved views
    list_order        a list that stands while a case of it is open
    panes             the panes without the page around them, for the script
    summary_pages     where no case is open: the day’s counts, taking the next case
    search            searching everything that was decrypted
    due               what is due, and putting it off

A case, and what is done to it:

    case/             the page of a case, made of sections
    action_pages      what is asked of cases: from the list, from a case's page, taken back
    case_actions      what is done to them, one at a time or many together
    merging           choosing the case that another one is a duplicate of
    auto_advance      whether the next case opens by itself
    note_pages        notes, new ones and as they are typed
    referral_pages    offering a referral, and what became of it
    transfer_pages    a case to another team: a question first, and a way back
    keeping_pages     what is kept, scheduled for destruction, held, destroyed; the desk's rule
    alarm_pages       the alarm: taking a case, sound and notification, going on duty

What goes out of it:

    reply             drafts, files for an answer, sending
    template_pages    templates of answers: read beside the English, edited, added
    export_pages      exports, copies with parts taken out, texts for an interpreter

The desk, the vault, the console itself:

    desk_pages        who sits at which desk, its deadlines, languages
    vault_pages       the vault itself: passphrase, recovery, what was done to it
    sheet_check       some words of a new recovery sheet, asked back off the paper
    backup/           a backup to a disk or as a download, a move to another computer
    language_pages    in which language the console is read
    language_reviews  who has read which of them, and how much is left

No rule of a case is decided here: that is ``app.console.cases.casework`` and what it calls.
"""
