"""What the store raises; never an exception of the database's library."""


class StoreGone(Exception):
    """What Touchline keeps cannot be read or written: its database is gone, full, locked, or of another version.

    Its text is for the log; it holds no value of a row and no password.
    """


class ChangedMeanwhile(Exception):
    """Somebody else has changed or deleted the same thing since it was read; nothing was written."""


class AlreadyThere(Exception):
    """There is one of that name already; nothing was written."""


class LastAdministrator(Exception):
    """Without this account nobody could change anything any more; nothing was written."""
