from django.urls import path

from motcua.registry.catalogue.web import decisions, offers

app_name = "offers"
urlpatterns = [
    path("offers/", offers.agencies, name="agencies"),
    path("offers/<uuid:agency_id>/", offers.listing, name="list"),
    path("offers/<uuid:agency_id>/offer/", offers.offer, name="offer"),
    path("offers/<uuid:agency_id>/end/", offers.end, name="end"),
    path("decisions/", decisions.listing, name="decisions"),
    path("decisions/enter/", decisions.enter, name="decision-enter"),
    path("decisions/<uuid:decision_id>/", decisions.change, name="decision"),
]
