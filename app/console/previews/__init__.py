"""Files of a case in front of an investigator: the viewer's pixels, for cases and their pages.

In it:

    showing          a file's sheet, as it was made before or made now
    picture_reading  looks at pictures in the background, so that they are found again
    text_extraction  reads files for the search, in the background
    file_pages       previews as pixels, saving
"""
