"""Practice: made-up cases, a reporter who answers by script, and what was missed, in plain words.

    practice_feature  what practice registers with the console
    exercises         what stands in content/: cases, the script, what is looked at (read, pure)
    script            puts an exercise's cases into the practice vault, answers for their reporters
    judging           looks at what was done to them
    progress          keeps, by person, which exercises are done and when each is due again
    practice_console  a console without a line: it has no door to any server
    child             practice as a process, started from the page that asks for a passphrase
    exercise_pages    exercises, what to do in one, what was missed: in practice alone
    entrance          the way from a real console to practice
    content/          the exercises, one a file
    templates/        the pages, and the button on the real console's door
    static/           their style

A practice vault is made for one sitting, for a line that does not exist, in a folder that goes with
it; the real vault is neither opened nor named in that process. Nothing here is given a network.
"""
