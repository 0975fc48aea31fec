"""What passes between the consoles of a desk (spec: team).

    incoming    one opened body of kind ``desk``: operations, heads, asks, copies, parts
    outgoing    when its time has come: bodies of what waits made durable, then posted
    gaps        what is lacking is asked for, and holds up nothing; what others lack is given again
    membership  who sits at a desk, since when, and from where on they are told
    holdings    which of the desk's messages colleagues hold, compared
    silence     when each colleague's console was heard last
    snapshots   a desk's cases for a new member, as far as a member chooses
    alarms      forks, gaps and disagreements, as sentences

Who may speak is decided by the directory as it is now: what a former member, a stranger or a forger
sends changes nothing. A body is durable before it is sent and keeps its mid.
"""
