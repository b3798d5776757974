from django.urls import path

from motcua.registry.access.web import account, enrolment, joining

app_name = "access"
urlpatterns = [
    path("sign-in/second-factor/", joining.second_factor, name="second-factor"),
    path("sign-in/lost/", joining.lost, name="lost"),
    path("join/", joining.join, name="join"),
    path("join/password/", joining.join_password, name="join-password"),
    path("account/", account.account, name="account"),
    path("account/confirm/", account.prove, name="prove"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", enrolment.enrol, name="enrol"),
    path("account/second-factor/app/", enrolment.add_code_app, name="add-code-app"),
    path("account/second-factor/passkey/", enrolment.add_passkey, name="add-passkey"),
    path("account/second-factor/codes/", enrolment.recovery_codes, name="recovery-codes"),
    path("account/second-factor/<int:factor_id>/remove/", account.remove, name="remove-factor"),
    path("account/sessions/end/", account.end_other_sessions, name="end-other-sessions"),
    path("account/sessions/<uuid:session_id>/end/", account.end_session, name="end-session"),
]
