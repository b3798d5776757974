from django.urls import path

from motcua.registry.catalogue.web import views

app_name = "catalogue"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("procedures/<str:code>/", views.procedure, name="procedure"),
    path("papers/<path:key>.png", views.paper_example, name="paper-example"),
    path("life-events/<slug:code>/", views.life_event, name="life-event"),
]
