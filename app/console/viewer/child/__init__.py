"""The process that reads a hostile file: ``python -I -m app.console.viewer.child ACTION KIND …``.

Of the console's code only this package is run in it, and of the console's memory there is nothing.

    __main__               the order: load, give up rights, read the file, answer
    request                what it is asked, what it answers, which exit code means what
    rights                 what it takes away from itself: limits, network, system calls
    images documents lettering  decoded here, after every right is gone
    film sound office phone_picture  by a converter of this machine, before the last rights go
    ffmpeg                 has ffmpeg read a film or a recording
    converting             runs that converter, inside the same sandbox
    fonts                  which font draws which script, looked for before rights are given up
    words                  the text of a file, for the search
    character_recognition  the letters in a picture, for the same
    playing                recordings and films as samples, some minutes at a time, to be heard
    translating            texts translated, or their language guessed
"""
