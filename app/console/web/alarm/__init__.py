"""What wakes somebody: danger that nobody has taken, and a console that hears nothing.

In it:

    alarm_state     what alarms now, for pages, for the duty screen, for who waits for a change
    alarm_choices   sound and notification, as one person chose them
    alarm_commands  the agency's own commands, run without arguments and within bounds
    deafness        since when no sync has come through; whether the machine slept
    duty            the screen locked, the alarm awake: since when, until when; what a lock leaves
"""
