"""What this console believes of its line, and what it gives the line of its own.

In it:

    trusted_line       the line's directory and bundles, verified
    notices            what is told of the line, of this machine in it, of the clock
    questionnaire      the questions that the agency asks, out of its signed site
    published_reviews  who read the console's languages, out of the same
    own_bundles        this console's bundles: made ahead, given out, destroyed
    tor_key            a key for the investigators' onion, for a Tor of the system's
"""
