"""The store in a folder: what it says is kept survives a power cut."""

from __future__ import annotations

import hashlib

from motcua.foundation.files import stores
from motcua.foundation.files.stores import FolderStore, key


def test_flushes_the_content_and_the_folders_above_it(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(stores, "_flush", lambda path: flushed.append(path))
    folder, source = tmp_path / "files", tmp_path / "new"
    source.write_bytes(b"a")
    digest = hashlib.sha256(b"a").hexdigest()
    FolderStore(folder).keep(source, digest)
    place = folder / key(digest)
    assert place.read_bytes() == b"a"
    # The entry of a new folder is in the folder above it.
    assert flushed == [source, place.parent, place.parents[1], folder]
