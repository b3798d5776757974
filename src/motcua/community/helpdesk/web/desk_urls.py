from django.urls import path

from motcua.community.helpdesk.web import desk

app_name = "help-calls"
urlpatterns = [
    path("", desk.calls, name="list"),
    path("<uuid:call_id>/", desk.call, name="call"),
    path("<uuid:call_id>/claim/", desk.claim, name="claim"),
    path("<uuid:call_id>/note/", desk.note, name="note"),
    path("<uuid:call_id>/pass-on/", desk.pass_on, name="pass-on"),
]
