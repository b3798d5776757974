"""How every stand-in is served: on this machine only, without a line a request."""

from __future__ import annotations

from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Addresses carry codes and states: they stay out of logs."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


def listen(app: Any, port: int) -> BaseWSGIServer:
    """A server that listens already; 0 takes any free port (`server_port`)."""
    return make_server(HOST, port, app, threaded=True, request_handler=_Quiet)


def serve(server: BaseWSGIServer) -> None:
    """Until Ctrl-C."""
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
