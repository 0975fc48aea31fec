"""Set-up by questions (docs/set-up.md): steps that look, do and look again, and who answers.

steps         a step, and walking through all of them
dialogue      questions, asked at a terminal
answers_file  the same, answered by a file
kept_answers  what was answered at a terminal is not asked again
sticks        what is on sticks, and copying folders to them
carried       what goes from the server to the agency and back
qr_codes      an address for a phone's camera, in a terminal
server/       the server's steps; nothing of the private side
agency/       the agency's steps

In it:

    agency/       The agency's set-up, on its offline computer
    answers_file  Answers of a set-up from a TOML file, with nobody at the keyboard …
    carried       What a set-up carries from the server to the agency and back: names, and …
    dialogue      Questions of a set-up, and what whoever answers them can do
    qr_codes      QR codes in a terminal, two rows a line: black on white, whatever its …
    server/       The server's set-up
    steps         A set-up is steps, in an order: each looks whether it is done, does it, and …
    sticks        Sticks that are in this computer: where they are, what is on them, and …
    terminal      A person at a terminal answers; what they said is kept, so that nothing …
"""
