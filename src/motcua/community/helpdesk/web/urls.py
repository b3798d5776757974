from django.urls import path

from motcua.community.helpdesk.web import asking

app_name = "helpdesk"
urlpatterns = [
    path("", asking.ask, name="ask"),
    path("<str:number>/", asking.call, name="call"),
    path("<str:number>/cancel/", asking.cancel, name="cancel"),
]
