"""The safety plan: what was agreed with a reporter, on their case's page.

In it:

    plan_pages           the form is written, not over what was not seen
    plan_section         what the section shows, and the history says
    safety_plan_feature  puts it into the console
    templates/           the section
"""
