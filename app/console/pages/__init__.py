"""What the investigator sees: requests in, HTML out.

    case_pages        the list of cases, one case beside it
    list_views        which cases a list shows: views, filters, saved views
    case/             the page of a case, made of sections
    merging           choosing the case that another one is a duplicate of
    actions           what is done to cases, one at a time or many together
    reply             drafts, files for an answer, sending
    export_pages      exports, copies with parts taken out, texts for an interpreter
    keeping_pages     what is kept, scheduled for destruction, held, destroyed; the desk's rule
    search            searching everything that was decrypted
    referral_pages    offering a referral, and what became of it
    due               what is due, and putting it off
    desk_pages        who sits at which desk, its deadlines, languages
    vault_pages       the vault itself: passphrase, recovery, what was done to it
    note_pages        notes, new ones and as they are typed
    auto_advance      whether the next case opens by itself
    list_order        a list that stands while a case of it is open
    panes             the panes without the page around them, for the script
    transfer_pages    a case to another team: a question first, and a way back
    summary_pages     where no case is open: the day’s counts, taking the next case
    language_pages    in which language the console is read
    language_reviews  who has read which of them, and how much is left
    alarm_pages       the alarm: taking a case, sound and notification, going on duty
    template_pages    templates of answers: read beside the English, edited, added
    backup/           a backup to a disk or as a download, a move to another computer
    sheet_check       some words of a new recovery sheet, asked back off the paper

No rule of a case is decided here: that is ``app.console.cases.casework`` and what it calls.
"""
