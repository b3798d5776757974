"""The pages of settings, as an administrator uses them."""

from __future__ import annotations

import base64
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from motcua.foundation.installation import selectors
from motcua.foundation.installation.models import Installation, Setting, TrialRun
from motcua.foundation.installation.selectors import get
from motcua.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(world, browse):
    return browse(world.administrator)


def page(code: str) -> str:
    return reverse("console:settings-group", args=[code])


def sent(client, code: str, **values: object):
    """The form as the page shows it, with some values changed."""
    form = client.get(page(code)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in shown.items() if value not in (None, "")} | values
    return client.post(page(code), data, follow=True)


def test_a_change_is_saved_and_said(administrator):
    answer = sent(administrator, "site", site__hotline="1900 1234")
    assert "Saved." in answer.content.decode()
    assert get("site.hotline") == "1900 1234"
    assert "Changed last at" in answer.content.decode()


def test_a_value_that_cannot_be_used_is_kept_in_the_form_with_the_reason(administrator):
    answer = sent(administrator, "theme", theme__main="#22aa55")
    words = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="#22aa55"' in words and "Enter a darker colour" in words
    assert 'href="#id_theme__main"' in words
    assert not Setting.objects.exists()


def test_a_stale_form_is_told_so_keeps_what_was_typed_and_can_be_sent_again(administrator):
    sent(administrator, "site", site__hotline="1900 1234")
    stale = {"version": "0", "site__hotline": "1900 9999", "site__name": "Một cửa"}
    answer = administrator.post(page("site"), stale)
    words = answer.content.decode()
    assert "Somebody else changed these settings" in words and 'value="1900 9999"' in words
    version = re.search(r'name="version" value="(\d+)"', words)[1]
    administrator.post(page("site"), stale | {"version": version})
    assert get("site.hotline") == "1900 9999"


def test_a_secret_is_never_shown_stays_when_left_empty_and_can_be_removed(administrator):
    sent(administrator, "mail", mail__host="smtp.example.vn", mail__password="rất kín")
    words = administrator.get(page("mail")).content.decode()
    assert "rất kín" not in words and "Left empty, it stays." in words
    sent(administrator, "mail", mail__user="motcua")
    assert get("mail.password") == "rất kín"
    sent(administrator, "mail", **{"mail__password-remove": "on"})
    assert get("mail.password") == ""


def test_what_the_operator_set_is_shown_and_cannot_be_entered(administrator, settings):
    settings.OPERATOR_VARIABLES, settings.PLACE_NAME = frozenset({"MOTCUA_PLACE_NAME"}), "Tỉnh Sơn La"
    words = administrator.get(page("site")).content.decode()
    assert "Set by the operator in MOTCUA_PLACE_NAME." in words
    sent(administrator, "site", site__place_name="Tỉnh Khác", site__hotline="1900 1234")
    assert get("site.place_name") == "Tỉnh Sơn La" and get("site.hotline") == "1900 1234"


def test_a_crest_is_uploaded_shown_and_removed(administrator):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 9"/></svg>'
    answer = sent(administrator, "theme", theme__crest=SimpleUploadedFile("crest.svg", svg))
    assert "/theme/crest-" in answer.content.decode()
    assert b"M0 0L9 9" in base64.b64decode(get("theme.crest")["content"])
    sent(administrator, "theme", **{"theme__crest-remove": "on"})
    assert get("theme.crest") is None


def test_a_crest_that_runs_something_is_refused(administrator):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>x</script></svg>'
    answer = sent(administrator, "theme", theme__crest=SimpleUploadedFile("crest.svg", svg))
    assert answer.status_code == 422 and not Setting.objects.exists()


def test_periods_of_keeping_ask_for_a_reason(administrator):
    answer = sent(administrator, "retention", **{"retention__draft__idle": "90"})
    assert "Enter why this is changed" in answer.content.decode()
    sent(administrator, "retention", **{"retention__draft__idle": "90", "reason": "Quyết định 12"})
    assert get("retention.draft.idle") == 90


def test_colours_are_looked_at_before_they_are_chosen(administrator):
    query = {"theme__main": "#aa3300", "theme__second": "#22aa55"}
    words = administrator.get(reverse("console:theme-preview"), query).content.decode()
    assert "this colour will be refused" in words and "It can be read." in words
    css = administrator.get(reverse("console:theme-preview-css"), query).content.decode()
    assert "--ds-color-accent-base-default:#aa3300" in css
    hostile = {"theme__main": "red;}body{display:none", "theme__second": "#22aa55"}
    assert administrator.get(reverse("console:theme-preview-css"), hostile).status_code == 404
    assert "six digits" in administrator.get(reverse("console:theme-preview"), hostile).content.decode()


@pytest.fixture
def provider():
    """An identity provider that tells whatever it is given."""
    told = {"status": 200, "body": b""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(told["status"])
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(told["body"])

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told["issuer"] = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


def tried(client, key: str, code: str = "", **data: str) -> str:
    address = reverse("console:settings-try", args=[code or key, key])
    return client.post(address, data, follow=True).content.decode()


def described(at: str, **changed: object) -> bytes:
    endpoints = {f"{name}_endpoint": f"{at}/{name}" for name in ("authorization", "token")}
    told = {"issuer": at, "jwks_uri": f"{at}/jwks", "response_types_supported": ["code"]}
    return json.dumps(told | endpoints | changed).encode()


def test_an_identity_provider_is_tried(administrator, provider):
    sent(administrator, "eid", eid__issuer=provider["issuer"], eid__client_id="motcua")
    provider["body"] = described(provider["issuer"])
    assert "The provider answers" in tried(administrator, "eid")
    assert TrialRun.objects.get().succeeded
    assert Entry.objects.filter(kind="setting.tried").count() == 1


@pytest.mark.parametrize(
    ("status", "changed"),
    [
        (200, {"issuer": "https://other.example"}),
        (200, {"response_types_supported": ["token"]}),
        (302, {}),
        (500, {}),
    ],
)
def test_a_provider_that_is_not_the_one_entered_does_not_pass(administrator, provider, status, changed):
    sent(administrator, "eid", eid__issuer=provider["issuer"])
    provider["status"], provider["body"] = status, described(provider["issuer"], secret="INTERNAL", **changed)
    words = tried(administrator, "eid")
    assert "The provider answers" not in words and "INTERNAL" not in words
    assert not TrialRun.objects.get().succeeded


def test_what_is_not_set_up_cannot_be_tried(administrator, settings):
    settings.EID_ISSUER = ""
    assert "No identity provider is set up." in tried(administrator, "eid")
    assert "No relay is set up." in tried(administrator, "mail", **{"mail-asked": "me@example.vn"})
    assert "Enter the e-mail address" in tried(administrator, "mail")
    assert "No gate is set up." in tried(administrator, "sms", **{"sms-asked": "0912345678"})
    assert "No time-stamp authority is set up." in tried(administrator, "stamps")


def test_a_test_message_goes_out(administrator, settings, mailoutbox):
    settings.EMAIL_READY = True
    words = tried(administrator, "mail", **{"mail-asked": "me@example.vn"})
    assert "The relay took the message." in words
    assert mailoutbox[0].to == ["me@example.vn"]
    assert "me@example.vn" not in str(Entry.objects.get(kind="setting.tried").facts)


def test_a_key_proves_that_it_signs(administrator):
    words = tried(administrator, "signature", "stamps", **{"signature-asked": "records"})
    assert "The key records signs" in words
    assert "no signing key" in tried(administrator, "signature", "stamps", **{"signature-asked": "../x"})


def test_a_trial_of_another_group_is_not_found(administrator):
    address = reverse("console:settings-try", args=["site", "eid"])
    assert administrator.post(address).status_code == 404


def test_the_checklist_names_what_is_missing_and_where_it_is_mended(administrator):
    words = administrator.get(reverse("console:checklist")).content.decode()
    assert "There are 1 for the whole installation" in words
    assert f'href="{page("eid")}"' in words


def test_one_click_needs_the_flag_and_a_demonstrations_database(world, browse, settings):
    settings.DEMO = True
    address, data = reverse("console:demo-sign-in"), {"username": "demo.chair.04894"}
    assert browse(None).post(address, data).status_code == 302
    Installation.objects.update(kind="real")
    assert browse(None).post(address, data).status_code == 404
    assert "demo.chair" not in browse(None).get(reverse("console:sign-in")).content.decode()


def test_every_group_has_a_page(administrator):
    from motcua.foundation.installation.contributions import groups

    for group in groups():
        assert administrator.get(page(group.code)).status_code == 200
    assert administrator.get(page("nothing")).status_code == 404
    assert selectors.kind() == ""
