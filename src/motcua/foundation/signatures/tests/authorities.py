"""Time-stamp authorities for tests: the stand-in as its own process, one with a clock of its own, and odd ones."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.timestamps import DummyTimeStamper

from motcua.foundation.signatures.certificates import Certified, authority_certificate, authority_name

REPOSITORY = Path(__file__).resolve().parents[5]


@dataclass(frozen=True)
class StandIn:
    """`python -m sandbox.tsa`, running."""

    url: str
    state: Path


@contextmanager
def running_stand_in(state: Path) -> Iterator[StandIn]:
    command = [sys.executable, "-m", "sandbox.tsa", "--port", "0", "--state", state]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().split(" on ")[1].strip()
            yield StandIn(address, state)
        finally:
            process.terminate()


@contextmanager
def answering(answer: bytes, kind: str = "application/timestamp-reply") -> Iterator[str]:
    """A server that answers every POST with these bytes; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            with suppress(OSError):  # the client had enough
                self.wfile.write(answer)

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Publisher:
    """A server of revocation data: gives `content` to everybody, or 503 when it is None."""

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.asked = 0
        self.body = b""
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked += 1
                publisher.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(200 if publisher.content is not None else 503)
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(publisher.content or b"")

            do_POST = do_GET

            def log_message(self, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Publisher:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@cache
def _rsa_key() -> rsa.RSAPrivateKey:
    """pyHanko's time stamper for tests knows only RSA."""
    return rsa.generate_private_key(65537, 2048)


class ClockedAuthority:
    """A time-stamp authority of its own, which tells the time it is set to; `days` of validity from `since`."""

    def __init__(self, since: datetime, *, days: int = 730, name: str = "Clock") -> None:
        self.at = since
        self.asked = 0
        root_key, key = ec.generate_private_key(ec.SECP256R1()), _rsa_key()
        root_name, own_name = authority_name(f"{name} Root"), authority_name(name)
        self.root = authority_certificate(Certified(root_name, root_key, since, days), root_name, root_key)
        builder = x509.CertificateBuilder(
            root_name,
            own_name,
            key.public_key(),
            x509.random_serial_number(),
            since,
            since + timedelta(days=days),
        ).add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        self.certificate = builder.sign(root_key, hashes.SHA256())
        self._key = PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))

    def believe(self, signatures_dir: Path) -> None:
        """Put the root on the trust list."""
        folder = signatures_dir / "trust" / "tsa"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.root.serial_number}.pem").write_bytes(self.root.public_bytes(Encoding.PEM))

    def stamp(self, digest: bytes) -> bytes:
        self.asked += 1
        stamper = DummyTimeStamper(
            Certificate.load(self.certificate.public_bytes(Encoding.DER)), self._key, fixed_dt=self.at
        )
        with ThreadPoolExecutor(1) as thread:  # pyHanko's own loop may be running in this one
            return thread.submit(asyncio.run, stamper.async_timestamp(digest, "sha256")).result().dump()
