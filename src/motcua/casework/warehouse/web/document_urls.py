from django.urls import path

from motcua.casework.warehouse.web import documents, shared, shares

app_name = "documents"
urlpatterns = [
    path("documents/", documents.documents, name="list"),
    path("documents/wallet/", documents.wallet, name="wallet"),
    path("documents/shares/", shares.shares, name="shares"),
    path("documents/shares/new/", shares.new, name="share-new"),
    path("documents/shares/<uuid:share_id>/", shares.share, name="share"),
    path("documents/shares/<uuid:share_id>/end/", shares.end, name="share-end"),
    path("documents/<uuid:document_id>/", documents.document, name="document"),
    path("documents/<uuid:document_id>/file/", documents.document_file, name="file"),
    path("shared/", shared.shared, name="shared"),
    path("shared/look/<uuid:share_id>/", shared.shared_look, name="shared-look"),
    path("shared/look/<uuid:share_id>/<uuid:document_id>/", shared.shared_file, name="shared-file"),
    path("shared/<str:code>/", shared.shared_by_link, name="shared-code"),
]
