"""Cases, and everything that is done to them, here or by colleagues.

In it:

    casework       what is done to a case, here or by colleagues: the one way in
    assessing      danger that was read, assessed by whoever decides of the case
    undo           taking back what was just done
    retention      cases given up by a desk, destroyed on the day that was set
    stale_vault    whether this vault is an old copy of itself
    case_model     one case with all that its page needs, read in one view of the vault
    origin         the line that a case came from, if another one passed it on
    speakers       who at a desk speaks which language
    transferring   a case goes to another team, and comes back until it was sent
    own_templates  what an agency says in place of templates that come along
    raising        the priority that a main case gets from what is merged into it
"""
