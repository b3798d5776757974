"""The protocol's addresses: django-allauth's views, for clients that may act, slowed and told in our words."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus, urlencode, urlsplit

from allauth.core.internal import ratelimit
from allauth.idp.oidc import views
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Token
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from motcua.foundation.journal.services import Happening, record
from motcua.registry.access.clients.models import SystemClient
from motcua.registry.access.clients.provider import admit
from motcua.registry.access.clients.scopes import ACTING

# An address may stand for a whole office; a client needs a token every ten minutes.
TOKEN_RATES = {"token": "120/m/ip,30/m/key"}
SIGN_IN_PAGES = {"citizen": "people:sign-in", "officer": "console:sign-in"}


def _credentials(request: HttpRequest) -> str:
    """The client's id, as HTTP Basic or the form says it (RFC 6749, 2.3.1)."""
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return unquote_plus(base64.b64decode(encoded).decode()).partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return str(request.POST.get("client_id", ""))


def _slowed(request: HttpRequest, client_id: str) -> HttpResponse | None:
    usage = ratelimit.consume(
        request, app="motcua.clients", action="token", config=TOKEN_RATES, key=client_id[:100]
    )
    if usage:
        return None
    answer = JsonResponse({"error": "temporarily_unavailable", "error_description": "Too many requests."})
    answer.status_code, answer["Retry-After"] = 429, "60"
    return answer


class TokenEndpoint(views.TokenView):
    def post(self, request: HttpRequest) -> HttpResponse:
        client_id = _credentials(request)
        if refused := _slowed(request, client_id):
            return refused
        admit(client_id)
        with transaction.atomic():
            self._one_at_a_time(request.POST.get("code", ""))
            return super().post(request)

    def _one_at_a_time(self, code: str) -> None:
        """A code is good once, also for two who send it at the same moment."""
        if code:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [code])


class RevokeEndpoint(views.RevokeView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        client_id = _credentials(request)
        if refused := _slowed(request, client_id):
            return refused
        admit(client_id)
        token = Token.objects.by_value(request.POST.get("token", "")).first()
        if token and token.client_id != client_id:
            # RFC 7009, 2.1: only the client it was issued to; that others have one is nobody's business.
            return HttpResponse()
        return super().post(request, *args, **kwargs)


class UserInfoEndpoint(views.UserInfoView):
    def _respond(self, request: HttpRequest) -> HttpResponse:
        value = request.headers.get("Authorization", "").partition(" ")[2]
        token = Token.objects.valid().by_value(value).filter(user__isnull=False).first()
        if not token or not token.client_id or not admit(token.client_id):
            answer = JsonResponse({"error": "invalid_token"}, status=401)
            answer["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return answer
        return super()._respond(request)


def _problem(request: HttpRequest, words: str, status: int = 400) -> HttpResponse:
    return render(request, "clients/error.html", {"words": words}, status=status)


def _answer(request: HttpRequest, error: str, words: str) -> HttpResponse:
    """An error for the client, sent to its own address, which was compared before (RFC 6749, 4.1.2.1)."""
    uri = request.GET["redirect_uri"]
    values = {"error": error, "error_description": words, "iss": get_adapter().get_issuer()}
    if state := request.GET.get("state"):
        values["state"] = state
    answer = HttpResponse(status=302)
    answer["Location"] = f"{uri}{'&' if '?' in uri else '?'}{urlencode(values)}"
    return answer


def _may_lead_to(answer: HttpResponse, uri: str) -> HttpResponse:
    """The form on our page ends, by redirection, at the service: the page's policy must allow that."""
    parts = urlsplit(uri)
    answer._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return answer


@method_decorator(never_cache, name="dispatch")
class AuthorizationPage(views.AuthorizationView):
    """Where people are asked whether a service may know who they are."""

    template_name = "clients/authorization_form.html"
    registered: SystemClient

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        client = admit(request.GET.get("client_id", ""))
        if not client or not client.sign_in:
            return _problem(request, _("This service is not registered here, or not any more."))
        if request.GET.get("redirect_uri", "") not in client.oauth.get_redirect_uris():
            return _problem(
                request, _("This service asked for the answer at an address that is not its own.")
            )
        self.registered = client
        if refused := self._refused(request) or self._to_sign_in(request):
            return refused
        answer = super().get(request, *args, **kwargs)
        if not isinstance(answer, TemplateResponse) and answer.status_code == 200:
            # allauth's own page of an error.
            return _problem(request, "")
        return _may_lead_to(answer, request.GET["redirect_uri"])

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        challenge, method = (request.GET.get(f"code_challenge{end}", "") for end in ("", "_method"))
        if not challenge or method != "S256":
            return _answer(request, "invalid_request", "PKCE with S256 is required (RFC 7636).")
        if "none" in request.GET.get("prompt", "").split():
            # Consent is asked for every time, so there is no answer without a page.
            return _answer(request, "interaction_required", "People are asked on a page.")
        return None

    def _to_sign_in(self, request: HttpRequest) -> HttpResponse | None:
        page = resolve_url(SIGN_IN_PAGES[self.registered.sign_in])
        prompts = request.GET.get("prompt", "").split()
        if "login" in prompts:
            values = request.GET.copy()
            values["prompt"] = " ".join(it for it in prompts if it != "login")
            logout(request)
            return redirect_to_login(f"{request.path}?{values.urlencode()}", page)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), page)
        if request.actor.kind != self.registered.sign_in:  # type: ignore[attr-defined]
            words = {
                "citizen": _("This service is for citizens. Sign out of your officer's account first."),
                "officer": _(
                    "This service is for officers. Sign out and sign in with your officer's account."
                ),
            }
            return _problem(request, words[self.registered.sign_in], 403)
        return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _scopes, info = Signer().unsign_object(request.POST.get("request", ""))
        except BadSignature:
            if request.POST.get("request"):
                raise Http404 from None
            return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}")
        client = admit(info["client_id"])
        if not client:
            return _problem(request, _("This service is not registered here, or not any more."))
        self.registered = client
        if not request.user.is_authenticated or request.actor.kind != client.sign_in:  # type: ignore[attr-defined]
            return _problem(
                request, _("You are not signed in any more. Go back to the service and begin again.")
            )
        return _may_lead_to(self._decided(request, *args, **kwargs), info["redirect_uri"])

    @method_decorator(csrf_protect)
    def _decided(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The signed request is good for anybody: that the person has seen the page is what the token says."""
        return super().post(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        actor = self.request.actor
        happening = Happening(
            kind="client.signed_in_to",
            object_kind="client",
            object_id=self.registered.id,
            concerns_id=actor.person_id if actor.kind == "citizen" else None,
            facts={"scopes": sorted(form.cleaned_data["scopes"])},
        )
        record(actor=actor, happening=happening, at=timezone.now())
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = get_adapter().scope_display
        context["service"] = urlsplit(self._request_info["redirect_uri"]).netloc
        context["registered"] = self.registered
        context["asked"] = [shown.get(name, name) for name in self._scopes]
        context["scopes"] = self._scopes
        context["acts"] = any(name in self._scopes for name in ACTING.values())
        return context


@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class LogoutPage(views.LogoutView):
    template_name = "clients/logout.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().dispatch(request, *args, **kwargs)
        form = (answer.context_data or {}).get("form") if isinstance(answer, TemplateResponse) else None
        # Compared with the client's registered addresses by the form.
        uri = getattr(form, "cleaned_data", {}).get("post_logout_redirect_uri")
        return _may_lead_to(answer, uri) if uri else answer


@csrf_exempt
@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    """Sign-in of devices without a browser is not offered; allauth wants an address of that name."""
    raise Http404


authorization = AuthorizationPage.as_view()
token = TokenEndpoint.as_view()
revoke = RevokeEndpoint.as_view()
user_info = UserInfoEndpoint.as_view()
end_session = LogoutPage.as_view()
configuration = views.configuration
jwks = views.jwks
