"""The REST root: versions, OpenAPI, problem details, who calls. Rooms contribute `rest.py`."""
