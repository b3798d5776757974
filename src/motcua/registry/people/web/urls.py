from django.urls import path

from motcua.registry.people.adapters import oidc
from motcua.registry.people.web import account, data, sessions, views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("wrong-data/", views.wrong_data, name="wrong-data"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/contact/<slug:kind>/", account.contact, name="contact"),
    path("account/contact/<slug:kind>/confirm/", account.contact_confirm, name="contact-confirm"),
    path("account/contact/<slug:kind>/lost/", account.contact_lost, name="contact-lost"),
    path("account/contact/<slug:kind>/stop/", account.contact_stop, name="contact-stop"),
    path("account/fresh/", account.fresh, name="fresh"),
    path("account/sign-in-methods/", account.ways, name="ways"),
    path("account/sign-in-methods/<int:way_id>/unlink/", account.unlink, name="unlink"),
    path("account/sessions/", sessions.session_list, name="sessions"),
    path("account/sessions/end/", sessions.end_others, name="end-other-sessions"),
    path("account/sessions/<uuid:session_id>/end/", sessions.end_session, name="end-session"),
    path("account/consents/", account.consent_list, name="consents"),
    path("account/data/", data.overview, name="data"),
    path("account/data/download/", data.download, name="data-download"),
    path("account/data/correct/", data.correct, name="data-correct"),
    path("account/data/erase/", data.erase, name="data-erase"),
    path("account/data/ask/<uuid:entry_id>/", data.ask, name="data-ask"),
    path("account/data/requests/<uuid:request_id>/", data.one, name="data-request"),
    path("account/data/requests/<uuid:request_id>/file/", data.file, name="data-file"),
    path("account/data/requests/<uuid:request_id>/take-back/", data.take_back, name="data-take-back"),
]
# Under django-allauth's own names, by which it finds its way back; see `adapters.oidc`.
provider_patterns = [
    path("oidc/<slug:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]
