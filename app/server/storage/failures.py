"""What storing can fail of, in words for the layers above; no driver's exception passes."""


class StorageError(Exception):
    """The database did not do what it was asked; nothing of the transaction was kept."""


class OtherSchema(StorageError):
    """The database is of a version that this one does not know; nothing was changed."""


class DiskFull(StorageError):
    """The disk is full or cannot be written. Reading still works."""


class SlotsFull(Exception):
    """Fewer slots are free than the batch needs. Nothing was stored."""


class BundlesFull(Exception):
    """An investigator has as many bundles as are kept of one. Nothing was stored."""
