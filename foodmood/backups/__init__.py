"""Backups of the whole database, and the drill that shows they can be restored: docs/backup.md, docs/adr/0021."""


class BackupError(Exception):
    """Why a backup was not taken or not restored, with its mend; shown to the operator."""
