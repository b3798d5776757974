"""Content in an S3 bucket, with object lock where the address asks for it. Needs the extra `s3` (minio).

Source: Amazon S3 API reference, "Object Lock"; the bucket is made by the operator (docs/operations.md, "Files").
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

import certifi
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from minio import Minio, S3Error
from minio.credentials import (
    AWSConfigProvider,
    ChainedProvider,
    EnvAWSProvider,
    IamAwsProvider,
    Provider,
    StaticProvider,
)
from minio.datatypes import Object
from minio.retention import Retention
from urllib3 import PoolManager, Retry, Timeout

from motcua.foundation.files.errors import ContentLocked
from motcua.foundation.files.stores import digest_in, key

_AMAZON = "https://s3.amazonaws.com"
_CHUNK, _PART = 1024 * 1024, 8 * 1024 * 1024
_NEVER = datetime.min.replace(tzinfo=UTC)
_OPTIONS = {"endpoint", "region", "lock_days", "lock_mode"}


@dataclass(frozen=True, slots=True)
class S3Store:
    """`lock_days`: 0 for a bucket without object lock. `lock_mode`: GOVERNANCE or COMPLIANCE."""

    client: Minio
    bucket: str
    prefix: str = ""
    lock_days: int = 0
    lock_mode: str = "GOVERNANCE"

    @classmethod
    def at(cls, address: str, *, access_key: str = "", secret_key: str = "") -> S3Store:
        """The store at `s3://bucket/prefix?endpoint=…&region=…&lock_days=…&lock_mode=GOVERNANCE|COMPLIANCE`.

        Without keys they are taken from the environment, AWS's file of credentials, or the machine's role (IAM).
        Raises ImproperlyConfigured.
        """
        parts = urlsplit(address)
        options = {name: them[-1] for name, them in parse_qs(parts.query, keep_blank_values=True).items()}
        mode, days = options.get("lock_mode", "GOVERNANCE").upper(), options.get("lock_days", "0")
        scheme, _, host = options.get("endpoint", _AMAZON).partition("://")
        known = (
            parts.scheme == "s3" and parts.netloc and scheme in {"http", "https"} and set(options) <= _OPTIONS
        )
        if not known or mode not in {"GOVERNANCE", "COMPLIANCE"} or not days.isdecimal():
            raise ImproperlyConfigured("MOTCUA_FILES_STORE is not an s3: address: see docs/operations.md.")
        try:
            client = Minio(
                host,
                secure=scheme == "https",
                region=options.get("region", "us-east-1"),
                credentials=_credentials(access_key, secret_key),
                http_client=_pool(),
            )
        except ValueError as error:
            raise ImproperlyConfigured(f"The S3 store of MOTCUA_FILES_STORE: {error}.") from error
        prefix = parts.path.strip("/")
        return cls(client, parts.netloc, f"{prefix}/" if prefix else "", int(days), mode)

    def keep(self, path: Path, digest: str) -> None:
        """Upload in parts, unless the same is there, read to its end; then only its lock is made longer."""
        there = self._head(digest)
        until = timezone.now() + timedelta(days=self.lock_days)
        lock = Retention(self.lock_mode, until) if self.lock_days else None
        if there is None or there.size != path.stat().st_size or not self._intact(digest):
            self.client.fput_object(
                self.bucket,
                self._key(digest),
                str(path),
                part_size=_PART,
                num_parallel_uploads=1,
                retention=lock,
            )
        elif lock and (_locked_until(there) or _NEVER) < until - timedelta(days=1):
            self.client.set_object_retention(self.bucket, self._key(digest), lock)

    def open(self, digest: str) -> BinaryIO:
        try:
            return cast("BinaryIO", self.client.get_object(self.bucket, self._key(digest)))
        except S3Error as error:
            if error.code == "NoSuchKey":
                raise FileNotFoundError(digest) from error
            raise

    def delete(self, digest: str) -> None:
        """Delete every version: without that, a bucket with versions only hides the content."""
        for version in self._versions(digest):
            # Asked for, since the store lets administrators pass by the lock. A delete marker has none.
            there = None if version.is_delete_marker else self._head(digest, version.version_id)
            until = _locked_until(there) if there else None
            if until and until > timezone.now():
                raise ContentLocked(until=timezone.localtime(until).isoformat(), at=until)
            self.client.remove_object(self.bucket, self._key(digest), version_id=version.version_id)

    def digests(self) -> Iterator[str]:
        for thing in self.client.list_objects(self.bucket, prefix=self.prefix, recursive=True):
            if digest := digest_in(str(thing.object_name).removeprefix(self.prefix)):
                yield digest

    def _key(self, digest: str) -> str:
        return f"{self.prefix}{key(digest)}"

    def _head(self, digest: str, version: str | None = None) -> Object | None:
        try:
            return self.client.stat_object(self.bucket, self._key(digest), version_id=version)
        except S3Error as error:
            if error.code == "NoSuchKey":
                return None
            raise

    def _intact(self, digest: str) -> bool:
        """Not by ETag: encryption by the store changes it, and damage on the store's disk does not."""
        found = hashlib.sha256()
        with self.open(digest) as stream:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
        return found.hexdigest() == digest

    def _versions(self, digest: str) -> list[Object]:
        name = self._key(digest)
        found = self.client.list_objects(self.bucket, prefix=name, recursive=True, include_version=True)
        return [version for version in found if version.object_name == name]


def _locked_until(there: Object) -> datetime | None:
    until = (there.metadata or {}).get("x-amz-object-lock-retain-until-date")
    return datetime.fromisoformat(until) if until else None


def _credentials(access_key: str, secret_key: str) -> Provider:
    """Raises ValueError when only one of the two is there."""
    if access_key or secret_key:
        return StaticProvider(access_key, secret_key)
    return ChainedProvider([EnvAWSProvider(), AWSConfigProvider(), IamAwsProvider(http_client=_pool())])


def _pool() -> PoolManager:
    """A dead store fails within minutes, since a transaction waits. A signature is for one host: no redirects."""
    return PoolManager(
        maxsize=10,
        timeout=Timeout(connect=5, read=60),
        retries=Retry(
            total=2,
            redirect=False,
            backoff_factor=0.3,
            status_forcelist=(500, 502, 503, 504),
            raise_on_status=False,
            respect_retry_after_header=False,
        ),
        ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where(),
    )
