"""The application: time stamps, the root's certificate, faults on demand."""

from __future__ import annotations

import time
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request

from sandbox.tsa.authority import Authority

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"
HANG_SECONDS = 60
_POLL_SECONDS = 0.05
_MAX_QUERY_BYTES = 4096

pages = Blueprint("tsa", __name__)


def create_app(authority: Authority) -> Flask:
    """The stand-in as a WSGI application. Its state lives in the authority's folder."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_QUERY_BYTES
    app.extensions["authority"] = authority
    app.register_blueprint(pages)
    return app


def _authority() -> Authority:
    authority: Authority = current_app.extensions["authority"]
    return authority


@pages.get("/health")
def health() -> Response:
    return jsonify(status="ok")


@pages.get("/authority.pem")
def certificate() -> Response:
    return Response(_authority().certificate, mimetype="application/x-pem-file")


@pages.post("/")
def stamp() -> Response:
    """RFC 3161 3.4: the query is the body, and so is the response."""
    if request.mimetype != QUERY:
        abort(415)
    _suffer(_authority().folder / "fault")
    return Response(_authority().answer(request.get_data()), mimetype=REPLY)


def _suffer(fault: Path) -> None:
    """The fault that the file names: `fail` answers 503, `hang` answers when the file is gone, at most a minute."""
    kind = fault.read_text(encoding="ascii").strip() if fault.exists() else ""
    if kind == "fail":
        abort(503)
    deadline = time.monotonic() + HANG_SECONDS
    while kind == "hang" and fault.exists() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
