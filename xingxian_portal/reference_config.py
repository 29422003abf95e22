"""Names the site that Django's administration is served by; apart from `reference_site`, which needs loaded apps."""

from django.contrib.admin.apps import AdminConfig


class ReferenceConfig(AdminConfig):
    """Django's administration as the portal's reference data."""

    default_site = "xingxian_portal.reference_site.ReferenceSite"
