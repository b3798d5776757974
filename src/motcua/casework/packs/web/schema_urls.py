from django.urls import path

from motcua.casework.packs.web import schemas

app_name = "packs"
urlpatterns = [path("<slug:name>.json", schemas.schema, name="schema")]
