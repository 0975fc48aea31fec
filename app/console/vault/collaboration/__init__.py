"""What the members of a desk share: signed operations, and whether all of them came.

In it:

    team                signed operations, heads, bodies for the desk that wait to be sent
    chain_gaps          numbers of their chains that were passed over and have not come
    own_chain           what the own chains have that is not here; the own clock
    missing_operations  what is asked for, and what was given to others who asked
    missed_messages     what tells whether messages come here: full syncs, what colleagues hold
    members             who sits at the own desks, who was heard when
    desks               what was said of a desk as a whole: rules, languages
    desk_alarms         sentences that stand, what was seen of the directory
    link_statements     what desks say of links, as rows to be looked up
"""
