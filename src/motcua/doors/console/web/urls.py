from django.urls import path

from motcua.doors.console.web import accounts, approvals, audit, following, messages, roles, views

app_name = "console"
urlpatterns = [
    path("sign-in/", views.OfficerSignIn.as_view(), name="sign-in"),
    path("sign-in/demo/", views.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/<uuid:message_id>/", messages.message, name="message"),
    path("messages/<uuid:message_id>/retry/", messages.retry, name="retry-message"),
    path("audit/", audit.audit, name="audit"),
    path("audit/find/", audit.find, name="audit-find"),
    path("audit/extract/", audit.extract, name="audit-extract"),
    path("audit/seals/", following.seals, name="seals"),
    path("audit/<uuid:entry_id>/", audit.entry, name="audit-entry"),
    path("audit/<uuid:entry_id>/proof.json", audit.proof, name="audit-proof"),
    path("following/", following.following, name="following"),
    path("following/dead-letters/<int:letter_id>/retry/", following.retry, name="retry"),
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/<uuid:account_id>/", accounts.account, name="account"),
    path("accounts/<uuid:account_id>/invite/", accounts.send_invitation, name="invite"),
    path("accounts/<uuid:account_id>/close/", accounts.close, name="close-account"),
    path("accounts/<uuid:account_id>/open/", accounts.reopen, name="open-account"),
    path("accounts/<uuid:account_id>/sessions/end/", accounts.end_sessions, name="end-sessions"),
    path("accounts/<uuid:account_id>/reset/", accounts.reset, name="reset"),
    path("accounts/<uuid:account_id>/grant/", accounts.grant, name="grant"),
    path("accounts/<uuid:account_id>/roles/<int:grant_id>/end/", accounts.end_role, name="end-role"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/new/", roles.new_role, name="new-role"),
    path("roles/<slug:code>/", roles.role, name="role"),
    path("approvals/", approvals.proposal_list, name="approvals"),
    path("approvals/<uuid:proposal_id>/approve/", approvals.approve, name="approve"),
    path("approvals/<uuid:proposal_id>/reject/", approvals.reject, name="reject"),
]
