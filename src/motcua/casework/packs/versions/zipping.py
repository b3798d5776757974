"""Files of a draft as one archive, and out of one: bounded, plain files only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from motcua.casework.packs.rules.draft_files import MOST_IN_ALL, NAMES, BadFile

# Bytes: four a character at most.
MOST_BYTES = 4 * MOST_IN_ALL
_SAME_TIME = (2026, 1, 1, 0, 0, 0)


def zipped(files: Mapping[str, str]) -> bytes:
    """The same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _SAME_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return made.getvalue()


def read_upload(name: str, content: bytes) -> dict[str, str]:
    """The files of a zip, or the one file that was sent. Raises BadFile."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        name = name.rpartition("/")[2]
        if name not in NAMES:
            raise BadFile(name[:60], 0, "is none of the files of a procedure")
        return {name: _text(name, content)}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unzipped(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadFile(name[:60], 0, "cannot be read as a zip") from error


def _unzipped(archive: zipfile.ZipFile) -> dict[str, str]:
    found: dict[str, str] = {}
    left = MOST_BYTES
    for entry in archive.infolist():
        name = entry.filename.rpartition("/")[2]
        if entry.is_dir() or name not in NAMES:
            continue
        if name in found:
            raise BadFile(name, 0, "stands twice in the zip; send the folder of one procedure")
        with archive.open(entry) as file:
            # What the entry says of its own length may be a lie.
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BadFile(name, 0, "and the others are too long")
        found[name] = _text(name, content)
    if not found:
        raise BadFile("zip", 0, "holds none of the files of a procedure")
    return found


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadFile(name, 0, "is not text in UTF-8") from error
