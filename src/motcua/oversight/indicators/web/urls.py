from django.urls import path

from motcua.oversight.indicators.web import dossiers, export, officers, pages, publishing

app_name = "indicators"
urlpatterns = [
    path("", pages.evaluation, name="evaluation"),
    path("agencies/", pages.agencies, name="agencies"),
    path("dossiers/", dossiers.behind, name="dossiers"),
    path("officers/", officers.officers, name="officers"),
    path("officers/<uuid:officer_id>/", officers.officer, name="officer"),
    path("officers/<uuid:officer_id>/dossiers/", dossiers.behind_officer, name="officer-dossiers"),
    path("mine/", officers.mine, name="mine"),
    path("mine/dossiers/", dossiers.behind_own, name="own-dossiers"),
    path("export/", export.export, name="export"),
    path("publish/", publishing.publish, name="publish"),
]
