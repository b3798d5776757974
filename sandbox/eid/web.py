"""The application: sign-in page, endpoints, headers."""

from __future__ import annotations

from urllib.parse import urlsplit

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.base import OAuth2Error, invalid_error_characters
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError
from flask import Blueprint, Flask, Response, abort, current_app, jsonify, render_template, request

from sandbox.eid.people import PEOPLE
from sandbox.eid.provider import Provider
from sandbox.eid.texts import LANGUAGES, TEXTS, choose_language

pages = Blueprint("eid", __name__)


def create_app(provider: Provider) -> Flask:
    """The stand-in as a WSGI application. Its state lives in `provider`, in this process."""
    app = Flask(__name__)
    app.extensions["provider"] = provider
    app.extensions["server"] = provider.server(app)
    app.register_blueprint(pages)
    app.after_request(_harden)
    return app


def _provider() -> Provider:
    return current_app.extensions["provider"]


def _server() -> AuthorizationServer:
    return current_app.extensions["server"]


@pages.get("/health")
def health() -> Response:
    return jsonify(status="ok")


@pages.get("/.well-known/openid-configuration")
def discovery() -> Response:
    return jsonify(_provider().metadata())


@pages.get("/jwks.json")
def jwks() -> Response:
    return jsonify(keys=[_provider().key.as_dict(private=False)])


@pages.route("/auth", methods=["GET", "POST"])
def authorize() -> Response | str | tuple[str, int]:
    """Ask who signs in (GET), then send back with a code or `access_denied` (POST, same query)."""
    server = _server()
    try:
        _refuse_odd_characters("response_type")
        grant = server.get_consent_grant()
    except OAuth2Error as error:
        return _refuse(error)
    if request.method == "GET":
        return render_template("sign_in.html", people=PEOPLE.values(), **_words())
    sub = request.form.get("person")
    if sub is not None and sub not in PEOPLE:
        abort(400)
    return server.create_authorization_response(grant_user=PEOPLE[sub] if sub else None, grant=grant)


@pages.post("/token")
def token() -> Response:
    try:
        _refuse_odd_characters("grant_type")
        return _server().create_token_response()
    except UnicodeDecodeError:  # Authlib reads Basic credentials as UTF-8 without a check
        error: OAuth2Error = InvalidClientError("The credentials are not readable.", status_code=401)
    except OAuth2Error as refused:
        error = refused
    return _server().handle_error_response(None, error)


@pages.route("/userinfo", methods=["GET", "POST"])
def userinfo() -> Response:
    with _provider().protector.acquire("openid") as found:
        return jsonify(found.get_user().claims)


def _refuse(error: OAuth2Error) -> Response | tuple[str, int]:
    """Back to the client where its address is known to be right, else a page (RFC 6749 4.1.2.1)."""
    if error.redirect_uri:
        return _server().handle_error_response(None, error)
    return render_template("refused.html", error=error, **_words()), 400


def _refuse_odd_characters(parameter: str) -> None:
    """Authlib repeats this parameter in its message, where RFC 6749 allows few characters."""
    if invalid_error_characters(request.values.get(parameter, "")):
        raise InvalidRequestError(f"The parameter {parameter} is not readable.")


def _words() -> dict[str, object]:
    accepted = request.accept_languages.best_match(LANGUAGES)
    language = choose_language(request.args.get("ui_locales", ""), accepted)
    return {"language": language, "texts": TEXTS[language]}


def _harden(response: Response) -> Response:
    """No foreign content, no caching. Forms may lead back to the client: browsers check redirects, too."""
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(uri)) for uri in _provider().client.redirect_uris}
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {' '.join(sorted(origins))}"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
