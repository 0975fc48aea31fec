"""Screens that can be heard: recordings of an agency's own, one padded bundle a language.

    scripts     what is to be read out on each screen, taken from the pages themselves
    desk_scripts  what is to be read out of each desk, and what ties it to the directory
    sounds      the one form of sound that is published: bare MP3 frames, one channel
    recordings  what lies in ``listen/LANGUAGE/taken``, and which of it says what its screen says
    padded_bundle  all of a language in equal parts, padded: no request tells a screen

A recording is tied to the words that it was read from. Where those changed, it is left out, and the
screen has no ear: nobody hears what the screen no longer says. Here is only reading and checking;
``app.agency.screen_recordings`` takes recordings in.
"""
