"""The routers that the modules beside this one fill."""

from __future__ import annotations

from ninja import Router

dossiers = Router(tags=["dossiers"])
files = Router(tags=["files"])
work = Router(tags=["tasks"])
# Added before `dossiers`, whose addresses begin with an id.
many = Router(tags=["dossiers"])
acts_on_many = Router(tags=["acts"])
