"""What the investigator sees: requests in, HTML out.

doors          signing in by the one-time link, unlocking, locking, light and dark
conversations  the list, one conversation, its details
answers        drafts, files for an answer, sending
files          previews as pixels, saving
letters        cooperation letters held here, asked for a proof, released
retention      what is kept, given up, held, destroyed; the desk's rule
machine        the vault itself: passphrase, recovery, what was done to it
team           who sits at which desk, its deadlines, languages
due            what is due, and putting it off (`reminding`: what reminds whom)
referrals      offering a referral, and what became of it
numbers        plots with their tables, and what of them can be saved
speakers       who at a desk speaks which language
practice       exercises, what to do in one, what was missed: in practice alone
practising     the way from a real console to practice
sync           where the sync stands, in words; syncing now
addresses      the path before every address, in templates
asking         what a handler may ask of a request: console, session, form
problems       errors as pages
render         templates and what they are given
views          the vault's rows as templates need them
"""
