"""Who gets in, without asking who a caller is.

    gate            all of it together: what a route asks before it reads a body
    proof_of_work   single-use proof of work: challenges made, answers checked (ALTCHA v2); no state
    difficulty      how hard the work is: pure arithmetic over load and occupancy
    spent_work      which proofs were spent: in this process's memory
    shared          the same for several servers, in a Redis-compatible store; loaded only when set
    budget          how many reports and chunks a second the server takes in
    room            bytes of bodies that may be in memory at once
    coming          a body on its way: its pace, and whether work stands behind it
    edge            telling callers apart for a moment, by a hash of the hour, outermost
    limits          slowapi's limits for one caller, and for an investigator who signs
    proxy_protocol  the line with which Tor or a proxy says who is behind it
    connections     what one connection may cost: size, pace
    watch           all connections of a socket: who has a place, who must give it up
    raw             answers before there is a request
    turns           who of those that wait is worked on next: whose caller has had least
    listeners       what is answered at which socket

Nothing here knows an account or a cookie, and nothing is written to a disk.
"""
