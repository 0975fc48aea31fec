"""The agency's set-up, on its offline computer.

In it:

    agency_setup      the steps in their order, what somebody came for, what comes next
    this_computer     off the network, and its date right
    beginning_a_line  addresses, passphrase, root key
    root_passphrase   drawn by lot and typed from paper; known for one run
    page_choices      languages, countries, emergency numbers
    desk_questions    desks
    posters_to_carry  cards, posters and screens, if somebody wants them
    readers           requests, compared by twelve words, enrolled
    carrying          signed, in one folder to carry; the copy for another safe
"""
