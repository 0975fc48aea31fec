"""Links between cases, as pages.

In it:

    link_pages  what is new of links, what is said of them
    link_views  links as templates need them
    link_walk   the picture of links, from one case to others
"""
