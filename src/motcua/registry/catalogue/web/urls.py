from django.urls import path

from motcua.registry.catalogue.web import guides, searching, views

app_name = "catalogue"
urlpatterns = [
    path("search/", searching.search, name="search"),
    path("search/suggest/", searching.suggest, name="suggest"),
    path("procedures/", searching.browse, name="browse"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:code>/", guides.guide, name="guide"),
    path("procedures/<str:code>/", views.procedure, name="procedure"),
    path("papers/<path:key>.png", views.paper_example, name="paper-example"),
    path("life-events/<slug:code>/", views.life_event, name="life-event"),
]
