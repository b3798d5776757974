"""Start the stand-in: python -m sandbox.tsa --help."""

from __future__ import annotations

import argparse
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.tsa.authority import Authority
from sandbox.tsa.web import create_app

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


def main() -> None:
    options = _parser().parse_args()
    authority = Authority(options.state)
    server = make_server(HOST, options.port, create_app(authority), threaded=True, request_handler=_Quiet)
    print(f"Time-stamp stand-in on http://{HOST}:{server.server_port}/", flush=True)
    print(f"For the trust list: {authority.folder / 'authority.pem'}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


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
