from django.urls import path

from motcua.doors.console.web import audit, clients, following, messages, views

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
    path("clients/", clients.client_list, name="clients"),
    path("clients/new/", clients.register, name="client-new"),
    path("clients/<uuid:client_id>/", clients.client, name="client"),
    path("clients/<uuid:client_id>/<slug:act>/", clients.change, name="client-act"),
    path("following/", following.following, name="following"),
    path("following/dead-letters/<int:letter_id>/retry/", following.retry, name="retry"),
]
