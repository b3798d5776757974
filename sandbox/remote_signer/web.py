"""The application: endpoints of the CSC API 2.0 and their errors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from sandbox.remote_signer.service import ALGORITHMS, Refusal, Service

_LARGEST_REQUEST = 256 * 1024
api = Blueprint("remote_signer", __name__)


def create_app(service: Service) -> Flask:
    """The stand-in as a WSGI application. Its state lives in `service`, in this process."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.extensions["service"] = service
    app.register_blueprint(api)
    app.register_error_handler(Refusal, _refuse)
    return app


def _service() -> Service:
    return current_app.extensions["service"]


def _refuse(refusal: Refusal) -> tuple[Response, int, dict[str, str]]:
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
    answer = jsonify(error=refusal.error, error_description=refusal.description)
    return answer, refusal.status, headers | {"Cache-Control": "no-store"}


def _asked(*, authorised: bool = True) -> dict[str, Any]:
    """The JSON object that was sent, by somebody with a good token."""
    if authorised:
        _service().check_token(request.headers.get("Authorization", ""))
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise Refusal("invalid_request", "The request is not a JSON object.")
    return asked


@api.get("/health")
def health() -> Response:
    return jsonify(status="ok")


@api.post("/csc/v2/info")
def info() -> Response:
    _asked(authorised=False)
    return jsonify(
        specs="2.0.0.2",
        name="Remote signing stand-in",
        region="VN",
        lang="en-US",
        description="Made-up people; for trying and testing only.",
        authType=["oauth2client"],
        oauth2=request.url_root.rstrip("/"),
        asynchronousOperationMode=False,
        methods=[
            "oauth2/token",
            "credentials/list",
            "credentials/info",
            "credentials/authorize",
            "signatures/signHash",
        ],
        signAlgorithms={"algos": sorted({oid for oids in ALGORITHMS.values() for oid in oids})},
        signature_formats={"formats": [], "envelope_properties": []},
        conformance_levels=[],
    )


@api.post("/oauth2/token")
def token() -> Response:
    """RFC 6749, 4.4: name and secret by HTTP Basic, or in the form."""
    form, pair = request.form, request.authorization
    client = pair.username if pair else form.get("client_id")
    secret = pair.password if pair else form.get("client_secret")
    told = _service().give_token(
        client or "", secret or "", form.get("grant_type", ""), form.get("scope", "")
    )
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@api.post("/csc/v2/credentials/list")
def list_credentials() -> Response:
    _asked()
    return jsonify(_service().list_credentials())


@api.post("/csc/v2/credentials/info")
def describe() -> Response:
    return jsonify(_service().describe(_asked()))


@api.post("/csc/v2/credentials/authorize")
def authorise() -> Response:
    return jsonify(_service().authorise(_asked()))


@api.post("/csc/v2/signatures/signHash")
def sign() -> Response:
    return jsonify(_service().sign(_asked()))
