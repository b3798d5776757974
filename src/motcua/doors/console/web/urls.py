from django.urls import path

from motcua.doors.console.web import audit, following, messages, notices, search, views

app_name = "console"
urlpatterns = [
    path("sign-in/", views.OfficerSignIn.as_view(), name="sign-in"),
    path("sign-in/demo/", views.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("search/", search.search, name="search"),
    path("search/<str:key>/", search.found, name="found"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.all_read, name="notices-read"),
    path("notices/<uuid:message_id>/", notices.notice, name="notice"),
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
