from django.urls import path

from motcua.registry.people.web import desk

app_name = "people-desk"
urlpatterns = [
    path("data-requests/", desk.request_list, name="requests"),
    path("data-requests/<uuid:request_id>/", desk.one, name="request"),
    path("data-requests/<uuid:request_id>/evidence/", desk.evidence, name="evidence"),
]
