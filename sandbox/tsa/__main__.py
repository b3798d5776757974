"""Start the stand-in: python -m sandbox.tsa --help."""

from __future__ import annotations

import argparse
from pathlib import Path

from sandbox.serving import HOST, listen, serve
from sandbox.tsa.authority import Authority
from sandbox.tsa.web import create_app


def main() -> None:
    options = _parser().parse_args()
    authority = Authority(options.state)
    server = listen(create_app(authority), options.port)
    print(f"Time-stamp stand-in on http://{HOST}:{server.server_port}/", flush=True)
    print(f"For the trust list: {authority.folder / 'authority.pem'}", flush=True)
    serve(server)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.tsa", description="Stand-in for a time-stamp authority (RFC 3161)."
    )
    parser.add_argument("--port", type=int, default=8102, help="0: any free port")
    parser.add_argument(
        "--state", type=Path, required=True, help="folder of key, certificates and serial number"
    )
    return parser


if __name__ == "__main__":
    main()
