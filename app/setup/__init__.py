"""Set-up by questions (docs/set-up.md): steps that look, do and look again, and who answers.

In it:

    steps         a step, and walking through all of them
    dialogue      questions, and who answers
    at_terminal   a person does; what was answered is kept
    answers_file  a file does
    sticks        what is on sticks, and copying folders to them
    carried       what goes from the server to the agency and back
    qr_codes      an address for a phone's camera, in a terminal
    server/       the server's steps; nothing of the private side
    agency/       the agency's steps
"""
