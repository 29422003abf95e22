"""WSGI entry of the portal for any server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingxian_portal.settings.base")

application = get_wsgi_application()
# Load every page's code now instead of in the first visitor's request, then tell the garbage collector that what is
# there stays: it no longer walks through a hundred thousand objects of the framework in the middle of a request.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
