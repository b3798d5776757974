"""Start the stand-in: python -m sandbox.eid --help."""

from __future__ import annotations

import argparse
from pathlib import Path

from sandbox.eid.keys import signing_key
from sandbox.eid.provider import Provider
from sandbox.eid.store import Client
from sandbox.eid.web import create_app
from sandbox.serving import HOST, listen, serve


def main() -> None:
    options = _parser().parse_args()
    client = Client(
        options.client,
        options.client_secret_file.read_text(encoding="utf-8").strip(),
        tuple(options.redirect_uri),
    )
    issuer = (options.issuer or f"http://{HOST}:{options.port}").rstrip("/")
    app = create_app(Provider(issuer, client, signing_key(options.state)))
    server = listen(app, options.port)
    print(f"eID stand-in on http://{HOST}:{options.port}", flush=True)
    serve(server)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.eid", description="Stand-in for VNeID; made-up people."
    )
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--issuer", help="address under which browsers and clients reach it")
    parser.add_argument("--client", default="motcua", help="client id")
    parser.add_argument("--client-secret-file", type=Path, required=True)
    parser.add_argument("--redirect-uri", action="append", required=True, help="may be given several times")
    parser.add_argument("--state", type=Path, help="folder that keeps the signing key between starts")
    return parser


if __name__ == "__main__":
    main()
