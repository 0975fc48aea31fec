"""Set-up by questions (docs/set-up.md): steps that look, do and look again, and who answers.

In it:

    steps         a step, and walking through all of them
    dialogue      questions, asked at a terminal
    answers_file  the same, answered by a file
    sticks        what is on sticks, and copying folders to them
    carried       what goes from the server to the agency and back
    qr_codes      an address for a phone's camera, in a terminal
    server/       the server's steps; nothing of the private side
    agency/       the agency's steps
    terminal      A person at a terminal answers; what they said is kept, so that nothing …
"""
