"""The portal's addresses, with those of measures for machines."""

from django.urls import include, path

from tandem.site.urls import handler400, handler403, handler404, handler500
from tandem.site.urls import urlpatterns as portal

urlpatterns = [path("", include("tandem.exchange.id_urls")), *portal]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
