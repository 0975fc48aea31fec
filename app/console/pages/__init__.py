"""What the investigator sees: requests in, HTML out.

    doors           signing in by the one-time link, unlocking, locking, light and dark
    conversations   the list of cases, one case beside it
    listing         which cases a list shows: views, filters, saved views
    case/           the page of a case, made of sections
    acts            what is done to cases, one at a time or many together
    answers         drafts, files for an answer, sending
    uploads         a request's body as a file that is never spooled
    sent_file       a form with one file in it, as a page without script sends it
    files           previews as pixels, saving
    evidence        exports, copies with parts taken out, texts for an interpreter
    letters         cooperation letters held here, asked for a proof, released
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
    reminding       what reminds whom: one quiet place, a number in the bar
    team            who sits at which desk, its deadlines, languages
    speakers        who at a desk speaks which language
    numbers         plots with their tables, and what of them can be saved
    machine         the vault itself: passphrase, recovery, what was done to it
    sync            where the sync stands, in words; syncing now
    practice        exercises, what to do in one, what was missed: in practice alone
    practising      the way from a real console to practice
    addresses       the path before every address, in templates
    asking          what a handler may ask of a request: console, session, form
    problems        errors as pages
    render          templates and what they are given
    views           the vault's rows as templates need them
    elsewhere       What answers a form is shown at an address of its own, so that no …

No rule of a case is decided here: that is `app.console.cases.casework` and what it calls.
"""
