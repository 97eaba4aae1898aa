"""Addresses of the city's own feed, for ever and without a language."""

from django.urls import path

from tandem.exchange.views import feed

urlpatterns = [
    path("feed/", feed.feed, name="feed"),
    path("feed/head.json", feed.head, name="feed-head"),
    path("feed/head.jws", feed.signature, name="feed-signature"),
    path("feed/key.pem", feed.key, name="feed-key"),
    path("feed/pages/<int:number>.jsonl", feed.page, name="feed-page"),
]
