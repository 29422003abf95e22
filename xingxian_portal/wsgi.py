"""WSGI entry of the portal for any server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingxian_portal.settings.base")

application = get_wsgi_application()
