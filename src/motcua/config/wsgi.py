"""The WSGI application that granian serves."""

import gc

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

application = get_wsgi_application()

# All views and what they import now, not with the first request; then what is there stays, and the collector, which
# else goes through it all every few pages for a tenth of a second, looks at what requests leave behind only.
get_resolver().check()
gc.collect()
gc.freeze()
