"""Taking, keeping, reading, scanning and erasing files."""

from .erasing import Sweep, delete_discarded, dispose_content, erase_file, sweep_unused
from .scanning import quarantine_infected, scan_waiting
from .storing import (
    DOSSIER_PAPERS,
    CheckedUpload,
    UploadRules,
    as_checked,
    checked_upload,
    clean_name,
    open_file,
    read_file,
    store_bytes,
    store_checked,
)

__all__ = [
    "DOSSIER_PAPERS",
    "CheckedUpload",
    "Sweep",
    "UploadRules",
    "as_checked",
    "checked_upload",
    "clean_name",
    "delete_discarded",
    "dispose_content",
    "erase_file",
    "open_file",
    "quarantine_infected",
    "read_file",
    "scan_waiting",
    "store_bytes",
    "store_checked",
    "sweep_unused",
]
