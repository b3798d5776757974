from django.urls import path

from motcua.registry.catalogue.web import guides, open_description, searching, stable, views

app_name = "catalogue"
urlpatterns = [
    path("search/", searching.search, name="search"),
    path("search/suggest/", searching.suggest, name="suggest"),
    path("procedures/", searching.browse, name="browse"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:code>/", guides.guide, name="guide"),
    path("procedures/<str:code>/", stable.stable(views.procedure), name="procedure"),
    path(
        "procedures/<str:code>.jsonld",
        open_description.procedure,
        {"form": "jsonld"},
        name="procedure-jsonld",
    ),
    path("procedures/<str:code>.ttl", open_description.procedure, {"form": "ttl"}, name="procedure-ttl"),
    path("procedures/<str:code>", stable.without_slash, name="procedure-without-slash"),
    path("data/procedures", open_description.catalogue, name="all"),
    path("data/procedures.jsonld", open_description.everything, {"form": "jsonld"}, name="all-jsonld"),
    path("data/procedures.ttl", open_description.everything, {"form": "ttl"}, name="all-ttl"),
    path("papers/<path:key>.png", views.paper_example, name="paper-example"),
    path("life-events/<slug:code>/", views.life_event, name="life-event"),
]
