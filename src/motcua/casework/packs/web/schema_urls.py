from django.urls import path

from motcua.casework.packs.web import schemas

urlpatterns = [path("<slug:name>.json", schemas.schema, name="pack-schema")]
