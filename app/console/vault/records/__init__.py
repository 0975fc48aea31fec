"""Cases and their messages, and what one person here keeps with them.

In it:

    messages      cases and messages, in and out, as they stand
    adding        messages added to them
    fetched_ids   ids that were ours, deletions due, what could not be opened
    cases         what desks say of a case
    merged_cases  which case stands for which, and what it gets of those
    list_columns  what a desk's state makes of a case's row
    case_lists    the lists of cases that are chosen by it
    saved_views   lists of cases that somebody saved
    drafts        answers and notes begun
    notes         private notes
    to_transfer   cases that go to another team with the next sending
"""
