"""What motcua does, step by step, so that each step can be done wrong. Flask's test client is the browser."""

import base64
from urllib.parse import parse_qs, urlsplit

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from sandbox.eid.people import PEOPLE

CALLBACK = "http://127.0.0.1:8000/accounts/oidc/eid/login/callback/"
SECRET = "sample secret"
MOTHER = next(iter(PEOPLE.values()))


class RelyingParty:
    """Asks, takes the code from the redirect, exchanges it; `changes` replace parameters, None leaves out."""

    def __init__(self, browser):
        self.browser = browser
        self.state, self.nonce, self.verifier = (generate_token(48) for _ in range(3))
        self.metadata = browser.get("/.well-known/openid-configuration").json

    def address(self, **changes):
        asked = {
            "response_type": "code",
            "client_id": "motcua",
            "redirect_uri": CALLBACK,
            "scope": "openid profile email",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": create_s256_code_challenge(self.verifier),
            "code_challenge_method": "S256",
        } | changes
        endpoint = urlsplit(self.metadata["authorization_endpoint"]).path
        return add_params_to_uri(
            endpoint, [(name, value) for name, value in asked.items() if value is not None]
        )

    def choose(self, person=MOTHER, **changes):
        """The answer in the redirect after a person was chosen."""
        return answer(self.browser.post(self.address(**changes), data={"person": person.key}))

    def exchange(self, code, *, secret=SECRET, method="client_secret_basic", **changes):
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
        } | changes
        headers = {}
        if method == "client_secret_post":
            sent |= {"client_id": "motcua", "client_secret": secret}
        else:
            pair = base64.b64encode(f"motcua:{secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        data = {name: value for name, value in sent.items() if value is not None}
        return self.browser.post(urlsplit(self.metadata["token_endpoint"]).path, data=data, headers=headers)

    def userinfo(self, access_token):
        endpoint = urlsplit(self.metadata["userinfo_endpoint"]).path
        return self.browser.get(endpoint, headers={"Authorization": f"Bearer {access_token}"})


def answer(response):
    assert response.status_code == 302
    assert response.location.startswith(CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(response.location).query).items()}
