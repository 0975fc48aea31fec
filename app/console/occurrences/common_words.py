"""Short common words, months, units: no part of a plate and no street's name. Pure."""

SMALL_WORDS = frozenset(
    (
        # English
        "a", "about", "after", "again", "age", "all", "am", "an", "and", "any", "are", "as", "at",
        "be", "bed", "beds", "before", "big", "both", "boys", "but", "by", "came", "can", "case",
        "day", "days", "did", "do", "door", "each", "end", "every", "feet", "flat", "for", "from",
        "get", "girls", "go", "got", "had", "has", "have", "he", "her", "him", "his", "hour",
        "hours", "if", "in", "into", "is", "it", "its", "job", "kids", "long", "man", "me", "men",
        "mile", "miles", "min", "mins", "minute", "minutes", "mon", "more", "my", "near", "new",
        "night", "nights", "no", "not", "now", "of", "off", "old", "on", "one", "or", "other",
        "our", "out", "over", "pay", "people", "per", "room", "rooms", "same", "sat", "see", "she",
        "short", "so", "sun", "that", "the", "their", "them", "then", "they", "this", "thu", "to",
        "too", "tue", "two", "under", "up", "us", "very", "walk", "was", "we", "wed", "week",
        "weeks", "were", "who", "with", "women", "year", "years", "you", "fri",
        # Months
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        # Units and currencies
        "cm", "eur", "euro", "euros", "ft", "gbp", "hr", "hrs", "inr", "kg", "km", "lb", "lbs",
        "lei", "mg", "ml", "mm", "php", "pm", "ron", "thb", "uah", "usd", "yrs", "zl", "zł",
        # Spanish, French, Portuguese, Italian, Romanian
        "ans", "años", "avec", "casa", "che", "com", "con", "cu", "da", "dans", "das", "de", "del",
        "della", "des", "di", "dias", "do", "dos", "du", "el", "en", "es", "est", "et", "hay",
        "la", "las", "le", "les", "los", "mes", "mois", "muy", "na", "non", "pas", "pe", "piso",
        "por", "qui", "que", "sans", "si", "și", "sin", "son", "sur", "un", "una", "une", "uma",
        "étage", "etage", "și", "à", "è", "é",
        # German, Dutch, Polish, Turkish
        "als", "am", "bei", "das", "der", "des", "die", "ein", "eine", "het", "im", "ist", "jahre",
        "mit", "nach", "och", "tag", "uhr", "und", "van", "vom", "von", "vor", "zu", "zum", "zur",
        "ve", "bir", "nie", "się", "od", "po",
        # Filipino, Vietnamese
        "ang", "ay", "ko", "nya", "niya", "sa", "và", "là", "có",
        # Ukrainian, Russian
        "без", "был", "від", "він", "где", "для", "его", "или", "на", "не", "нас", "она", "они",
        "под", "при", "та", "так", "там", "что", "це", "як", "по", "из", "от", "до", "за",
    )
)  # fmt: skip
