"""What the investigator sees: requests in, HTML out.

    conversations   the list of cases, one case beside it
    listing         which cases a list shows: views, filters, saved views
    case/           the page of a case, made of sections
    acts            what is done to cases, one at a time or many together
    answers         drafts, files for an answer, sending
    evidence        exports, copies with parts taken out, texts for an interpreter
    retention       what is kept, given up, held, destroyed; the desk's rule
    search          searching everything that was decrypted
    links           what is new of links, what is said of them
    link_walk       the picture of links, from one case to others
    link_views      links as templates need them
    transferring    a case on its way to another agency's line
    transfers       cases from other agencies' lines
    transfer_views  what may go to another line, as templates need it
    referrals       offering a referral, and what became of it
    due             what is due, and putting it off
    team            who sits at which desk, its deadlines, languages
    machine         the vault itself: passphrase, recovery, what was done to it

No rule of a case is decided here: that is `app.console.cases.casework` and what it calls.
"""
