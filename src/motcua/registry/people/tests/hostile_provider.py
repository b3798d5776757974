"""An identity provider on loopback that answers as it is told: rightly, or as a forger would."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "motcua"
PERSON = {
    "sub": "subject-1",
    "SoDinhDanh": "025199000077",
    "HoVaTen": "Lò Thị Mẫu",
    "NgayThangNamSinh": "02/09/1999",
    "GioiTinh": "Nữ",
    "loAs": "2",
    "SoDienThoai": "0912000111",
}


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """`token`: claims put over the right ones (None takes one out). `userinfo`, `description`: likewise.

    `sign_with`: another key; `header`: put over the token's header; `algorithm`; `raw`: the whole token answer.
    """

    address: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    sign_with: Any = None
    algorithm: str = "RS256"
    header: dict[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    nonce: str = ""
    used: set[str] = field(default_factory=set)

    def described(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "auth", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        right = {name: f"{self.address}/{end}" for name, end in ends.items()}
        return right | {"issuer": self.address, "jwks_uri": f"{self.address}/jwks"} | self.description

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def answered(self, code: str) -> bytes:
        """A code is good once."""
        if self.raw is not None:
            return self.raw
        if code in self.used:
            return b'{"error": "invalid_grant"}'
        self.used.add(code)
        now = int(time.time())
        right = {"iss": self.address, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300}
        claims = right | {"nonce": self.nonce, "auth_time": now} | self.token
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.key if self.sign_with is None else self.sign_with
        token = jwt.encode(claims, key, self.algorithm, headers={"kid": "one"} | self.header)
        return json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": token}).encode()

    def person(self) -> dict[str, Any]:
        return PERSON | self.userinfo


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("/openid-configuration"):
                return self._answer(json.dumps(provider.described()).encode())
            if self.path == "/jwks":
                return self._answer(json.dumps(provider.keys()).encode())
            return self._answer(json.dumps(provider.person()).encode())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(provider.answered(form["code"][0]))

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None: ...

    return Handler


@contextmanager
def serving() -> Iterator[Provider]:
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
