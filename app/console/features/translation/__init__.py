"""Reading a report in another language, and answering it: by models on this computer alone.

    translation_feature  what it registers with the console
    translation_pages    the models that are here, and into which language is translated
    answer_pages         an answer translated, and back, to be compared before it is used
    differences          what a look back shows: negations, numbers, names, times
    machine_reading      translates what came, behind the sync
    model_routes         which models lead from one language to another
    model_files          what a folder or file of models holds; kept and checked by its hash
    known_models         which models are known to work, by their hashes
    storage/             models and the choice of language, as the vault keeps them
    static/              how it looks
    templates/           its pages, and the button beside an answer

Nothing is fetched: an operator brings models as files. What a machine made is shown below the
original and marked, is no evidence, and leaves the console in no export.
"""
