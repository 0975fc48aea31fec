"""What the server's answers have in common, whoever gives them.

In it:

    problem_details  the problem details of every refusal
    headers          the headers that every answer carries
    methods          which methods a path takes
"""
