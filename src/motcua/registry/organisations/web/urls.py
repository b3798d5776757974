from django.urls import path

from motcua.registry.organisations.web import acts, loading, views

app_name = "organisations"
urlpatterns = [
    path("", views.agencies, name="list"),
    path("enter/", acts.enter_on_top, name="enter"),
    path("import/", loading.load, name="import"),
    path("officers/", views.officers, name="officers"),
    path("officers/<uuid:officer_id>/", views.officer, name="officer"),
    path("officers/<uuid:officer_id>/<slug:act>/", acts.officer_act, name="officer-act"),
    path("units/<uuid:unit_id>/<slug:act>/", acts.unit_act, name="unit-act"),
    path("posts/<uuid:post_id>/<slug:act>/", acts.post_act, name="post-act"),
    path("<uuid:agency_id>/", views.agency, name="agency"),
    path("<uuid:agency_id>/<slug:act>/", acts.agency_act, name="agency-act"),
]
