"""Every address of the portal: pages below a language, data and feeds without."""

from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path

from tandem.kit import styleguide, theme
from tandem.site import health, jobs_views, legal_views, search_views, views
from tandem.site.api import api
from tandem.site.sitemap import SITEMAPS

handler400 = "tandem.kit.views.bad_request"
handler403 = "tandem.kit.views.forbidden"
handler404 = "tandem.kit.views.not_found"
handler500 = "tandem.kit.views.server_error"

jobs = [
    path("", jobs_views.job_list, name="list"),
    path("<uuid:pk>/", jobs_views.job, name="job"),
    path("<uuid:pk>/progress", jobs_views.progress, name="progress"),
    path("<uuid:pk>/cancel/", jobs_views.cancel, name="cancel"),
]
pages: list[Any] = [
    path("", views.home, name="home"),
    path("search/", search_views.search, name="search"),
    path("map/", views.city_map, name="map"),
    path("imprint/", legal_views.imprint, name="imprint"),
    path("privacy/", legal_views.privacy, name="privacy"),
    path("accessibility/", legal_views.accessibility, name="accessibility"),
    path("feedback/", legal_views.feedback, name="feedback"),
    path("feedback/list/", legal_views.feedback_list, name="feedback_list"),
    path("feedback/<int:pk>/close/", legal_views.feedback_close, name="feedback_close"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("api/", views.api_docs, name="api_docs"),
    path("jobs/", include((jobs, "jobs"))),
    path("", include("tandem.accounts.urls")),
    path("", include("tandem.catalogue.urls")),
    path("", include("tandem.participation.urls")),
    path("", include("tandem.junctions.urls")),
    path("", include("tandem.exchange.urls")),
    path("account/", include("tandem.accounts.allauth_urls")),
]
urlpatterns = [
    path("", views.root, name="root"),
    path("", include("tandem.catalogue.feed_urls")),
    path("", include("tandem.catalogue.ogc_urls")),
    path("", include("tandem.exchange.id_urls")),
    path("", include("tandem.junctions.id_urls")),
    path("", include("tandem.participation.id_urls")),
    path("", include("tandem.exchange.feed_urls")),
    path("api/v1/", api.urls),
    path("theme.css", theme.theme, name="theme"),
    path("logo", theme.logo, name="logo"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap_views.index, {"sitemaps": SITEMAPS}, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        sitemap_views.sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    *i18n_patterns(*pages),
]
