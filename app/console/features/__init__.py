"""Features: each a folder that one line of ``all_features`` puts into the console.

    all_features     the list
    statistics/      what a desk can tell of its work, without names
    links/           what cases have in common
    letters/         cooperation letters: held, released on proof
    transfer/        cases to and from another agency's line
    abuse_material/  what to do with child abuse material, and what is never exported
    practice/        made-up cases for a person who learns
    onboarding/      what a person sets once, until it is done or dismissed
    translation/     other languages, by models on this computer
    first_run/       from nothing to the list, page by page; how the hotline is reached
    safety_plan/     what was agreed with a reporter for their safety, on their case's page

Outside this folder only ``web_application`` and the commands import a feature, and none imports
another. Its module ``NAME_feature`` makes what it registers (``app.console.feature``);
CONTRIBUTING.md says step by step how one is added.
"""
