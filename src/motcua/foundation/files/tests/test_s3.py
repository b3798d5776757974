"""The S3 store against SeaweedFS, a real S3 server, with versions and object lock."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from urllib3 import PoolManager

from motcua.foundation.files import errors, selectors, services
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.stores import key, store

from .factories import store_upload, upload

minio = pytest.importorskip("minio", reason="the extra `s3` is not installed")
MB = 1024 * 1024
ACCESS_KEY, SECRET_KEY = "tests", "only-for-tests"
PORTS = (
    *("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc"),
    *("s3.port", "s3.port.grpc"),
)


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        return [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(count)
        ]


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The endpoint of a server of our own."""
    program = shutil.which(
        "weed", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    )
    if not program:
        pytest.skip("SeaweedFS is not installed")
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    with tempfile.TemporaryDirectory(prefix="weed-") as folder:
        identity = {
            "name": "tests",
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
            "actions": ["Admin"],
        }
        config = Path(folder, "s3.json")
        config.write_text(json.dumps({"identities": [identity]}))
        flags = [f"-{name}={port}" for name, port in ports.items()]
        flags += [f"-dir={folder}", f"-s3.config={config}", "-volume.max=300", "-master.volumeSizeLimitMB=64"]
        flags += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
        # Else it takes ports that a second server wants, too, and reports home.
        flags += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
        # SeaweedFS writes the times of versions in its own time zone, S3 and the client know UTC only.
        with subprocess.Popen(
            [program, "server", *flags],
            cwd=folder,
            env={**os.environ, "TZ": "UTC"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            endpoint = f"http://127.0.0.1:{ports['s3.port']}"
            try:
                wait_for(endpoint, process)
                yield endpoint
            finally:
                process.kill()
                for port in ports.values():
                    for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                        left.unlink(missing_ok=True)


def client_of(endpoint: str) -> Any:
    return minio.Minio(
        endpoint.removeprefix("http://"),
        ACCESS_KEY,
        SECRET_KEY,
        secure=False,
        region="us-east-1",
        http_client=PoolManager(timeout=10, retries=False),
    )


def put(client: Any, bucket: str, digest: str, data: bytes) -> None:
    client.put_object(bucket, f"papers/{key(digest)}", io.BytesIO(data), len(data))


def head_of(client: Any, bucket: str, digest: str) -> Any:
    return client.stat_object(bucket, f"papers/{key(digest)}")


def lock_of(client: Any, bucket: str, digest: str) -> Any:
    return client.get_object_retention(bucket, f"papers/{key(digest)}")


def wait_for(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    deadline, problem = time.monotonic() + 60, ""
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if not client_of(endpoint).bucket_exists("ready"):
                client_of(endpoint).make_bucket("ready")
            client_of(endpoint).put_object("ready", "a", io.BytesIO(b"a"), 1)
            return
        except Exception as error:  # of many kinds, until it is ready
            problem = str(error)
            time.sleep(0.1)
    pytest.fail(f"SeaweedFS did not start: {problem}")


@pytest.fixture
def client(s3: str) -> Any:
    return client_of(s3)


@pytest.fixture
def bucket(client: Any, s3: str, settings: Any, request: pytest.FixtureRequest) -> str:
    """An empty bucket with versions and object lock, and the settings to use it."""
    name = f"files-{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:12]}"
    client.make_bucket(name, object_lock=True)
    settings.FILES_STORE = f"s3://{name}/papers?endpoint={s3}"
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = ACCESS_KEY, SECRET_KEY
    return name


def content(size: int = 1000) -> bytes:
    return b"%PDF-1.7 " + os.urandom(size)


def kept(data: bytes) -> StoredFile:
    return services.store_bytes(content=data, name="a.pdf", media_type="application/pdf")


def versions(client: Any, bucket: str, file: StoredFile) -> list[str]:
    """Delete markers, too."""
    place = f"papers/{key(file.sha256)}"
    found = client.list_objects(bucket, prefix=place, recursive=True, include_version=True)
    return [version.version_id for version in found]


@pytest.mark.django_db
class TestContent:
    def test_an_upload_comes_back_from_the_bucket_under_its_hash(self, bucket, client, pdf, files_dir):
        file = store_upload(upload=upload(pdf))
        assert services.read_file(file) == pdf
        with client.get_object(bucket, f"papers/{key(file.sha256)}") as kept_there:
            assert kept_there.read() == pdf
        assert [path for path in files_dir.rglob("*") if path.is_file()] == []

    def test_the_same_content_is_uploaded_once(self, bucket, client):
        data = content()
        first, second = kept(data), kept(data)
        assert first.sha256 == second.sha256
        assert len(versions(client, bucket, first)) == 1

    def test_half_an_object_is_replaced(self, bucket, client):
        data = content()
        digest = hashlib.sha256(data).hexdigest()
        put(client, bucket, digest, data[:50])
        assert services.read_file(kept(data)) == data

    def test_damage_of_the_same_size_is_healed_by_storing_again(self, bucket, client):
        data = content()
        file = kept(data)
        put(client, bucket, file.sha256, data[:-1] + bytes([data[-1] ^ 1]))
        kept(data)
        assert services.read_file(file) == data

    def test_a_damaged_object_is_noticed_while_it_is_read(self, bucket, client):
        data = content(MB)
        file = kept(data)
        put(client, bucket, file.sha256, data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(errors.DamagedFile):
            services.read_file(file)

    def test_a_missing_object_is_noticed(self, bucket):
        with pytest.raises(errors.DamagedFile):
            services.open_file(StoredFile(sha256="0" * 64))

    def test_a_large_file_goes_up_in_parts_in_little_memory(self, bucket, client, tmp_path):
        path, part, found = tmp_path / "large", os.urandom(MB), hashlib.sha256()
        with path.open("wb") as file:
            for _ in range(64):
                file.write(part)
                found.update(part)
        digest = found.hexdigest()
        store().keep(path, "0" * 64)  # the library loads its parts
        tracemalloc.start()
        try:
            store().keep(path, digest)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 24 * MB
        assert head_of(client, bucket, digest).etag.endswith("-8")
        found = hashlib.sha256()
        with store().open(digest) as stream:
            while piece := stream.read(MB):
                found.update(piece)
        assert found.hexdigest() == digest

    def test_a_folder_copied_into_the_bucket_is_the_same_store(self, bucket, client, settings, files_dir):
        address, settings.FILES_STORE = settings.FILES_STORE, ""
        file = kept(content())
        for path in files_dir.glob("??/??/*"):
            client.fput_object(bucket, f"papers/{path.relative_to(files_dir).as_posix()}", str(path))
        settings.FILES_STORE = address
        assert hashlib.sha256(services.read_file(file)).hexdigest() == file.sha256

    def test_check_reads_the_bucket(self, bucket, client):
        fine, bad, orphan = kept(content()), kept(content()), kept(content())
        put(client, bucket, bad.sha256, b"x")
        orphan.delete()
        report = selectors.check_store()
        assert (list(report.damaged), report.orphaned, report.missing) == ([bad.sha256], [orphan.sha256], {})
        assert fine.sha256 not in report.damaged


@pytest.mark.django_db
class TestErasing:
    def test_deletes_every_version(self, bucket, client):
        data = content()
        file = kept(data)
        put(client, bucket, file.sha256, data)
        client.remove_object(bucket, f"papers/{key(file.sha256)}")
        assert len(versions(client, bucket, file)) == 3
        store().delete(file.sha256)
        assert versions(client, bucket, file) == []
        store().delete(file.sha256)

    @pytest.mark.parametrize("mode", ["GOVERNANCE", "COMPLIANCE"])
    def test_the_object_lock_refuses_deletion(self, bucket, client, settings, mode):
        settings.FILES_STORE += f"&lock_days=30&lock_mode={mode}"
        file = kept(content())
        lock = lock_of(client, bucket, file.sha256)
        assert lock.mode == mode
        assert lock.retain_until_date > datetime.now(UTC) + timedelta(days=29)
        with pytest.raises(errors.ContentLocked) as locked:
            store().delete(file.sha256)
        assert locked.value.fields["at"] == lock.retain_until_date
        # Not our politeness alone: the server refuses, too.
        with pytest.raises(minio.S3Error):
            client.remove_object(
                bucket, f"papers/{key(file.sha256)}", version_id=versions(client, bucket, file)[0]
            )
        assert services.read_file(file)

    def test_storing_the_same_again_makes_its_lock_longer(self, bucket, client, settings):
        address, data = settings.FILES_STORE, content()
        settings.FILES_STORE = f"{address}&lock_days=1"
        file = kept(data)
        settings.FILES_STORE = f"{address}&lock_days=30"
        kept(data)
        until = lock_of(client, bucket, file.sha256).retain_until_date
        assert until > datetime.now(UTC) + timedelta(days=29)
        assert len(versions(client, bucket, file)) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://bucket",
        "s3://",
        "s3://bucket?lock_days=ten",
        "s3://bucket?lock_mode=NONE",
        "s3://bucket?lokc_days=3",
        "s3://bucket?endpoint=",
        "s3://bucket?endpoint=files.example.org",
        "s3://bucket?endpoint=https://files.example.org/there",
    ],
)
def test_an_address_with_a_slip_stops_at_once(address, settings):
    settings.FILES_STORE = address
    with pytest.raises(ImproperlyConfigured):
        store()


def test_half_of_the_credentials_stops_at_once(settings):
    settings.FILES_STORE, settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = "s3://half", "key", ""
    with pytest.raises(ImproperlyConfigured):
        store()


@pytest.mark.django_db
def test_credentials_come_from_the_environment_where_none_are_set(bucket, settings, monkeypatch):
    settings.S3_ACCESS_KEY = settings.S3_SECRET_KEY = ""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    data = content()
    assert services.read_file(kept(data)) == data
