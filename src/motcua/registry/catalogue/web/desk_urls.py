from django.urls import path

from motcua.registry.catalogue.web import doubts, sought

app_name = "catalogue-desk"
urlpatterns = [
    path("doubts/", doubts.overview, name="doubts"),
    path("doubts/all/<slug:how>/", doubts.many, name="doubts-many"),
    path("doubts/undo/<uuid:act>/", doubts.undo, name="doubts-undo"),
    path("doubts/<uuid:doubt_id>/", doubts.one, name="doubt"),
    path("sought/", sought.sought, name="sought"),
]
