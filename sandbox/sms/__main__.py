"""Start the stand-in: python -m sandbox.sms --help."""

from __future__ import annotations

import argparse
from pathlib import Path

from sandbox.serving import HOST, listen, serve
from sandbox.sms.reports import Reporter
from sandbox.sms.web import create_app


def main() -> None:
    options = _parser().parse_args()
    reporter = Reporter(options.report_url, _secret(options.report_secret_file))
    app = create_app(_secret(options.token_file), reporter.report)
    server = listen(app, options.port)
    print(f"SMS stand-in on http://{HOST}:{server.server_port}", flush=True)
    serve(server)


def _secret(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.sms", description="Stand-in for an SMS gate.")
    parser.add_argument("--port", type=int, default=8103, help="0: a free one")
    parser.add_argument("--token-file", type=Path, required=True, help="bearer token of its one client")
    parser.add_argument("--report-url", required=True, help="where delivery reports go")
    parser.add_argument("--report-secret-file", type=Path, required=True, help="key of their signature")
    return parser


if __name__ == "__main__":
    main()
