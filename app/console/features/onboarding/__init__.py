"""What a person sets once, told by a card where no case is open, until it is done or dismissed.

    onboarding_feature  what it registers, with the steps that are the console's own
    setup_card          which steps are lacking, and whether the card was dismissed
    onboarding_pages    dismissing it
    templates/          the card
    static/             its style

Features register steps of their own (``app.console.feature.SetupStep``).
"""
