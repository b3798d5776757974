"""Content in an S3 bucket, with object lock where the address asks for it. Needs the extra `s3` (boto3).

Source: Amazon S3 API reference, "Object Lock"; the bucket is made by the operator (docs/operations.md, "Files").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from motcua.foundation.files.errors import ContentLocked
from motcua.foundation.files.stores import digest_in, key

_MISSING = {"404", "NoSuchKey", "NotFound"}
_PART = 8 * 1024 * 1024
_NEVER = datetime.min.replace(tzinfo=UTC)
_OPTIONS = {"endpoint", "region", "lock_days", "lock_mode"}


@dataclass(frozen=True, slots=True)
class S3Store:
    """`client`: of boto3. `lock_days`: 0 for a bucket without object lock."""

    client: Any
    bucket: str
    prefix: str = ""
    lock_days: int = 0
    lock_mode: str = "GOVERNANCE"

    @classmethod
    def at(cls, address: str, *, access_key: str = "", secret_key: str = "") -> S3Store:
        """The store at `s3://bucket/prefix?endpoint=…&region=…&lock_days=…&lock_mode=GOVERNANCE|COMPLIANCE`.

        Without keys boto3 looks for credentials where it always does. Raises ImproperlyConfigured.
        """
        parts = urlsplit(address)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        mode, days = options.get("lock_mode", "GOVERNANCE").upper(), options.get("lock_days", "0")
        wrong = parts.scheme != "s3" or not parts.netloc or set(options) - _OPTIONS
        if wrong or mode not in {"GOVERNANCE", "COMPLIANCE"} or not days.isdecimal():
            raise ImproperlyConfigured("MOTCUA_FILES_STORE is not an s3: address: see docs/operations.md.")
        client = boto3.client(
            "s3",
            endpoint_url=options.get("endpoint"),
            region_name=options.get("region", "us-east-1"),
            aws_access_key_id=access_key or None,
            aws_secret_access_key=secret_key or None,
            config=Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": "path" if "endpoint" in options else "auto"},
            ),
        )
        prefix = parts.path.strip("/")
        return cls(client, parts.netloc, f"{prefix}/" if prefix else "", int(days), mode)

    def keep(self, path: Path, digest: str) -> None:
        """Upload in parts, unless the same is there, by name and size; then only its lock is made longer."""
        there = self._head(digest)
        until = timezone.now() + timedelta(days=self.lock_days)
        if there is None or there["ContentLength"] != path.stat().st_size:
            lock = (
                {"ObjectLockMode": self.lock_mode, "ObjectLockRetainUntilDate": until}
                if self.lock_days
                else {}
            )
            self.client.upload_file(
                str(path),
                self.bucket,
                self._key(digest),
                ExtraArgs={"ContentType": "application/octet-stream", **lock},
                Config=TransferConfig(
                    multipart_threshold=_PART, multipart_chunksize=_PART, use_threads=False
                ),
            )
        elif self.lock_days and there.get("ObjectLockRetainUntilDate", _NEVER) < until - timedelta(days=1):
            self.client.put_object_retention(
                Bucket=self.bucket,
                Key=self._key(digest),
                Retention={"Mode": self.lock_mode, "RetainUntilDate": until},
            )

    def open(self, digest: str) -> BinaryIO:
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key(digest))
        except ClientError as error:
            if _code(error) in _MISSING:
                raise FileNotFoundError(digest) from error
            raise
        return cast("BinaryIO", answer["Body"])

    def delete(self, digest: str) -> None:
        """Delete every version: without that, a bucket with versions only hides the content."""
        for version in self._versions(digest):
            place = {"Bucket": self.bucket, "Key": self._key(digest), "VersionId": version}
            if until := self._locked_until(place):
                raise ContentLocked(until=timezone.localtime(until).isoformat(), at=until)
            self.client.delete_object(**place)

    def digests(self) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        for page in pages:
            for thing in page.get("Contents", []):
                if digest := digest_in(thing["Key"].removeprefix(self.prefix)):
                    yield digest

    def _key(self, digest: str) -> str:
        return f"{self.prefix}{key(digest)}"

    def _head(self, digest: str) -> dict[str, Any] | None:
        try:
            return cast("dict[str, Any]", self.client.head_object(Bucket=self.bucket, Key=self._key(digest)))
        except ClientError as error:
            if _code(error) in _MISSING:
                return None
            raise

    def _versions(self, digest: str) -> list[str]:
        found = []
        pages = self.client.get_paginator("list_object_versions").paginate(
            Bucket=self.bucket, Prefix=self._key(digest)
        )
        for page in pages:
            found += [it["VersionId"] for it in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]]
        return found

    def _locked_until(self, place: dict[str, str]) -> datetime | None:
        """The end of the lock on a version, when it lies ahead. Asked for, since administrators may pass by it."""
        try:
            until = self.client.head_object(**place).get("ObjectLockRetainUntilDate")
        except ClientError as error:
            if _code(error) in _MISSING | {"405", "MethodNotAllowed"}:  # a delete marker has no lock
                return None
            raise
        return until if until and until > datetime.now(UTC) else None


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
