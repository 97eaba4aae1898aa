"""Every address of the portal: pages below a language, data and feeds without."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from tandem.site import views

handler400 = "tandem.kit.views.bad_request"
handler403 = "tandem.kit.views.forbidden"
handler404 = "tandem.kit.views.not_found"
handler500 = "tandem.kit.views.server_error"

urlpatterns = [
    *i18n_patterns(
        path("", views.home, name="home"),
        path("", include("tandem.accounts.urls")),
        path("", include("tandem.catalogue.urls")),
        path("account/", include("tandem.accounts.allauth_urls")),
    ),
]
