"""The container: opens with its key only, and says so when it was changed."""

import io
import tarfile
from pathlib import Path

import pyrage
import pytest

from motcua.config.keeping import archive
from motcua.config.keeping.archive import Key, Lock
from motcua.config.keeping.errors import CannotKeep
from motcua.config.keeping.manifest import Manifest, Part, read_manifest, refuse_newer
from motcua.config.keeping.parts import Tally, Writer, walk

PASSPHRASE = "correct horse battery"
CONTENT = bytes(range(256)) * 2000
OWNER = pyrage.x25519.Identity.generate()
FOR_OWNER = Lock(recipients=(str(OWNER.to_public()),))
OWNERS_KEY = Key(identities=(str(OWNER),))


def write(path: Path, lock: Lock, content: bytes = CONTENT) -> Key:
    with archive.writing(path, lock) as (stream, key):
        stream.write(content)
    return key


def read(path: Path, key: Key) -> bytes:
    with archive.reading(path, key) as stream:
        return stream.read()


def test_a_passphrase_opens_it_and_another_does_not(tmp_path):
    path = tmp_path / "a.tar"
    write(path, Lock(passphrase=PASSPHRASE))
    assert read(path, Key(passphrase=PASSPHRASE)) == CONTENT
    with pytest.raises(CannotKeep, match="passphrase is wrong"):
        read(path, Key(passphrase=PASSPHRASE + "!"))


def test_a_recipients_key_and_the_archives_own_open_it_and_no_other(tmp_path):
    path = tmp_path / "a.tar"
    own = write(path, FOR_OWNER)
    assert read(path, OWNERS_KEY) == read(path, own) == CONTENT
    with pytest.raises(CannotKeep, match="does not open"):
        read(path, Key(identities=(str(pyrage.x25519.Identity.generate()),)))
    with pytest.raises(CannotKeep, match="use --identity"):
        read(path, Key(passphrase=PASSPHRASE))


def test_tar_and_age_alone_open_it(tmp_path):
    path = tmp_path / "a.tar"
    write(path, FOR_OWNER)
    with tarfile.open(path) as container:
        assert container.getnames() == ["OPEN-BY-HAND.txt", "backup.age"]
        encrypted = container.extractfile("backup.age").read()
    assert pyrage.decrypt(encrypted, [OWNER]) == CONTENT


def test_nothing_in_it_can_be_read_without_a_key_and_only_the_owner_may_read_the_file(tmp_path):
    path = tmp_path / "a.tar"
    write(path, FOR_OWNER, b"Nguyen Thi Hoa " * 10_000)
    assert b"Nguyen" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", [0.3, 0.6, 0.95])
def test_a_flipped_bit_is_noticed(tmp_path, place):
    path = tmp_path / "a.tar"
    write(path, FOR_OWNER)
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 1
    path.write_bytes(content)
    with pytest.raises(CannotKeep):
        read(path, OWNERS_KEY)


@pytest.mark.parametrize("left", [0, 100, 1024, 3000, -15_000, -600])
def test_a_cut_off_archive_is_noticed(tmp_path, left):
    path = tmp_path / "a.tar"
    write(path, FOR_OWNER)
    content = path.read_bytes()
    path.write_bytes(content[:left])
    # Two empty blocks at the end of a tar may go: the encrypted part is whole then.
    if left == -600:
        assert read(path, OWNERS_KEY) == CONTENT
    else:
        with pytest.raises(CannotKeep):
            read(path, OWNERS_KEY)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no backup", b"\0" * 10_240])
def test_another_file_is_no_backup(tmp_path, content):
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(CannotKeep, match="no backup"):
        read(tmp_path / "a.tar", OWNERS_KEY)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, monkeypatch):
    class Full:
        def __init__(self, file):
            self._file = file

        def __getattr__(self, name):
            return getattr(self._file, name)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def write(self, content):
            if self._file.tell() > 100_000:
                raise OSError(28, "No space left on device")
            return self._file.write(content)

    monkeypatch.setattr(archive, "open", lambda *given: Full(open(*given)), raising=False)  # noqa: SIM115
    with pytest.raises(CannotKeep, match="No space left"):
        write(tmp_path / "a.tar", FOR_OWNER)
    assert not list(tmp_path.iterdir())


def test_a_writer_that_stops_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), archive.writing(tmp_path / "a.tar", FOR_OWNER) as (stream, _):
        stream.write(CONTENT)
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_a_bad_recipient_is_refused(tmp_path):
    with pytest.raises(CannotKeep, match="no age public key"):
        write(tmp_path / "a.tar", Lock(recipients=("age1nonsense",)))


# What lies inside.


def manifest(**changes) -> Manifest:
    values = {
        "made_at": "2026-03-02T14:00:00+07:00",
        "motcua": "0.1.0",
        "postgresql": 17,
        "migrations": ("a.0001",),
        "tables": {"t": 1},
        "files_store": "folder",
    }
    return Manifest(**(values | changes))


def tar_of(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> io.BytesIO:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size, member.type, member.linkname = len(content), kind, "/etc/passwd"
            made.addfile(member, io.BytesIO(content))
    return io.BytesIO(stream.getvalue())


def walked(stream: io.BytesIO) -> Manifest:
    return walk(stream, lambda part: None)


def test_what_was_written_is_read_and_compared(tmp_path):
    (tmp_path / "key").write_bytes(b"secret")
    stream = io.BytesIO()
    writer = Writer(stream)
    writer.add_database([b"a" * 10, b"b"])
    digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"  # of "secret"
    assert writer.add_file(tmp_path / "key", digest)
    assert not writer.add_file(tmp_path / "key", "0" * 64)  # damaged
    assert not writer.add_file(tmp_path / "gone", "0" * 64)
    writer.add_var(tmp_path / "key", "signatures/key")
    written = manifest(parts=writer.tally.parts)
    writer.finish(written)
    assert walked(io.BytesIO(stream.getvalue())) == written
    assert set(written.parts) == {"database", "files", "var/signatures/key"}


@pytest.mark.parametrize(
    "name", ["../evil", "var/../../evil", "/etc/evil", "other/evil", "var", "files/../../x", "database/../y"]
)
def test_refuses_a_name_that_leads_outside(name):
    with pytest.raises(CannotKeep, match="outside"):
        walked(tar_of((name, b"x")))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_refuses_links_devices_and_folders(kind):
    with pytest.raises(CannotKeep):
        walked(tar_of(("var/x", b""), kind=kind))


def test_refuses_a_file_whose_content_is_not_its_name():
    with pytest.raises(CannotKeep, match="damaged"):
        walked(tar_of(("files/00/00/" + "0" * 64, b"x")))


@pytest.mark.parametrize(
    "parts",
    [{}, {"var/x": Part(1, "0" * 64)}, {"var/x": Part(2, "0" * 64), "var/y": Part(1, "0" * 64)}],
)
def test_refuses_what_the_manifest_does_not_say(parts):
    with pytest.raises(CannotKeep, match="manifest"):
        walked(tar_of(("var/x", b"x"), ("manifest.json", manifest(parts=parts).to_json())))


def test_refuses_an_archive_without_manifest_or_with_more_behind_it():
    with pytest.raises(CannotKeep, match="cut off"):
        walked(tar_of(("var/x", b"x")))
    said = manifest().to_json()
    with pytest.raises(CannotKeep):
        walked(tar_of(("manifest.json", said), ("manifest.json", said)))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"format": 1, "parts": 3}', b'{"format": "1"}']
)
def test_refuses_an_unreadable_manifest(content):
    with pytest.raises(CannotKeep):
        read_manifest(content)


def test_refuses_what_a_newer_program_or_database_made():
    refuse_newer(manifest(), known=["a.0001", "a.0002"], postgresql=17)
    with pytest.raises(CannotKeep, match="newer version of motcua"):
        refuse_newer(manifest(), known=[], postgresql=17)
    with pytest.raises(CannotKeep, match="PostgreSQL 17"):
        refuse_newer(manifest(), known=["a.0001"], postgresql=16)
    with pytest.raises(CannotKeep, match="newer version of motcua"):
        read_manifest(manifest(format=2).to_json())


def test_the_tally_does_not_care_how_a_dump_is_cut():
    whole, pieces = Tally(), Tally()
    whole.add_chunk(b"abcd")
    pieces.add_chunk(b"a")
    pieces.add_chunk(b"bcd")
    assert whole.parts == pieces.parts
