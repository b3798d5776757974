"""Start the stand-in: python -m sandbox.remote_signer --help."""

from __future__ import annotations

import argparse
from pathlib import Path

from sandbox.remote_signer.keys import open_state
from sandbox.remote_signer.service import Service
from sandbox.remote_signer.web import create_app
from sandbox.serving import HOST, listen, serve


def main() -> None:
    options = _parser().parse_args()
    secret = options.client_secret_file.read_text(encoding="utf-8").strip()
    service = Service(options.client, secret, open_state(options.state))
    server = listen(create_app(service), options.port)
    print(f"Remote signing stand-in on http://{HOST}:{server.port}", flush=True)
    serve(server)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.remote_signer",
        description="Stand-in for a remote signing service; made-up people.",
    )
    parser.add_argument("--port", type=int, default=8104)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps keys and certificates")
    parser.add_argument("--client", default="motcua", help="client id")
    parser.add_argument("--client-secret-file", type=Path, required=True)
    return parser


if __name__ == "__main__":
    main()
