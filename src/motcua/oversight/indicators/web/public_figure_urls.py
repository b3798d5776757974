"""The public figures."""

from django.urls import path

from motcua.oversight.indicators.web import public_figures

app_name = "public-figures"
urlpatterns = [
    path("", public_figures.index, name="index"),
    path("how/", public_figures.how, name="how"),
    path("definitions.json", public_figures.definitions, name="definitions"),
    path("months/<str:month>.csv", public_figures.month_csv, name="month-csv"),
    path("<str:code>.json", public_figures.agency_json, name="agency-json"),
    path("<str:code>.csv", public_figures.agency_csv, name="agency-csv"),
    path("<str:code>/", public_figures.agency, name="agency"),
]
