from django.urls import path

from motcua.registry.organisations.web import delegations

app_name = "delegations"
urlpatterns = [
    path("absence/", delegations.absence, name="absence"),
    path("absence/<uuid:absence_id>/withdraw/", delegations.withdraw, name="withdraw"),
    path("delegations/", delegations.delegations, name="list"),
    path("delegations/new/", delegations.new, name="new"),
    path("delegations/<uuid:delegation_id>/revoke/", delegations.revoke, name="revoke"),
]
