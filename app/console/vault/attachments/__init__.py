"""Files that came with messages: their bytes, their rows, what was made of them.

In it:

    files            attachments as the database knows them
    chunk_folders    attachments as the disk has them: ciphertext only, under meaningless names
    decrypted_files  an attachment as its sender had it, piece by piece, in memory alone
    previews         what came of opening a file
    filewords        what files say, in parts short enough to be searched
    hash_lists       lists of hashes that the agency put in: what is in one is not opened
"""
