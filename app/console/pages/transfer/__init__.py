"""Transfers between agencies' lines, as pages.

In it:

    outgoing_transfer  a case on its way to another agency's line
    incoming_transfer  cases from other agencies' lines
    transfer_views     what may go to another line, as templates need it
"""
