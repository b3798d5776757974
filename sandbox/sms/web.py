"""The application: the endpoint for messages, the page that shows them, the switch for faults."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, redirect, render_template, request

from sandbox.sms.gate import FAULTS, Gate, Refused, Sms
from sandbox.sms.texts import LANGUAGES, TEXTS

pages = Blueprint("sms", __name__)
SLOW_SECONDS, HANG_SECONDS = 3, 60
PLAYED = 3


def create_app(token: str, report: Callable[[Sms], object]) -> Flask:
    """The stand-in as a WSGI application. `report` is called once for each message that was taken."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.extensions.update(token=token, report=report, gate=Gate())
    app.register_blueprint(pages)
    app.after_request(_harden)
    return app


def _gate() -> Gate:
    return current_app.extensions["gate"]


@pages.get("/health")
def health() -> Response:
    return jsonify(status="ok")


@pages.post("/messages")
def messages() -> Any:
    """Take a message, or answer as the fault that is played."""
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {current_app.extensions['token']}".encode()):
        return jsonify(code="token"), 401
    content = request.get_json(silent=True)
    parts = ("to", "text", "key")
    if not isinstance(content, dict) or not all(isinstance(content.get(part), str) for part in parts):
        return jsonify(code="unreadable"), 400
    if request.headers.get("Idempotency-Key") != content["key"]:
        return jsonify(code="key"), 400
    fault = _gate().next_fault()
    return _broken(fault) or _take(content, is_lost=fault == "lost")


def _broken(fault: str) -> Any:
    if fault in {"slow", "hang"}:
        time.sleep(SLOW_SECONDS if fault == "slow" else HANG_SECONDS)
    answers = {
        "down": (jsonify(code="down"), 503),
        "html": "<!doctype html><h1>Maintenance</h1>",
        "refuse": (jsonify(code="blocked"), 422),
    }
    return answers.get(fault)


def _take(content: dict[str, str], *, is_lost: bool) -> Any:
    try:
        taken, is_new = _gate().take(content["to"], content["text"], content["key"], is_lost=is_lost)
    except Refused as refused:
        return jsonify(code=refused.code), 422
    if is_new:
        current_app.extensions["report"](taken)
    return jsonify(id=taken.id), 202 if is_new else 200


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S %d/%m/%Y")


@pages.get("/")
def phone() -> str:
    language = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    gate = _gate()
    return render_template(
        "phone.html",
        language=language,
        texts=TEXTS[language],
        messages=gate.messages,
        faults=FAULTS,
        fault=gate.fault,
        moment=_moment,
    )


@pages.post("/faults")
def faults() -> Any:
    """Which fault the next messages meet. Only from our own page or a program, not from another site."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        abort(403)
    try:
        _gate().play(request.form.get("fault", ""), int(request.form.get("times", PLAYED)))
    except ValueError:
        abort(400)
    return redirect("/", 303)


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
