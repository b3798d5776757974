from django.urls import path

from motcua.doors.console.web import audit, certificates, following, invitation, messages, settings, views

app_name = "console"
urlpatterns = [
    path("sign-in/", views.OfficerSignIn.as_view(), name="sign-in"),
    path("sign-in/demo/", views.demo_sign_in, name="demo-sign-in"),
    path("invitation/<uidb64>/<token>/", invitation.Invitation.as_view(), name="invitation"),
    path("checklist/", settings.checklist, name="checklist"),
    path("settings/", settings.settings_index, name="settings"),
    path("settings/theme/preview/", settings.theme_preview, name="theme-preview"),
    path("settings/theme/preview.css", settings.theme_preview_css, name="theme-preview-css"),
    path("settings/certificates/", certificates.certificates, name="certificates"),
    path("settings/certificates/import/", certificates.import_certificate, name="certificates-import"),
    path("settings/certificates/trust/", certificates.trust_certificate, name="certificates-trust"),
    path("settings/<slug:code>/", settings.settings_group, name="settings-group"),
    path("settings/<slug:code>/try/<slug:key>/", settings.settings_try, name="settings-try"),
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
]
