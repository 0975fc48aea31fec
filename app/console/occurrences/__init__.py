"""What of a text can link two reports, and how it is written so that it can be compared. Pure.

    link_kinds           kinds of what can link, how sure a match of each is, an occurrence of one
    plain_text           a text with its digits and marks made plain, every character in its place
    phones               telephone numbers of every country, in any digits and spelling
    web                  e-mails, addresses of pages, names of users
    money                wallets and bank accounts, whose checksums are checked
    plates               vehicles' plates
    postal_addresses     postal addresses: number and street
    common_words         short words that are no part of either
    names                persons' names, and which of them may be one person's
    similar_pictures     which pictures may be one, by what they look like
    sites                sites that everybody uses, handles that are nobody's
    finding_occurrences  every occurrence of a text: the one way into this room
    disjoint_spans       stretches that do not overlap: who comes first keeps the place

What is found, features.links keeps and tells; redaction takes out by it every spelling of a word.
"""
