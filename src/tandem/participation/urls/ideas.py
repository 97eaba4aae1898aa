"""Addresses of ideas and budget proposals, below a phase."""

from django.urls import path

from tandem.participation.views import ideas, paper

urlpatterns = [
    path("ideas/points.geojson", ideas.points, name="idea_points"),
    path("ideas/similar", ideas.similar, name="idea_similar"),
    path("ideas/new/", ideas.new, name="idea_new"),
    path("ideas/paper/", paper.record, name="idea_paper"),
    path("ideas/<int:key>/", ideas.idea, name="idea"),
    path("ideas/<int:key>/card", ideas.card, name="idea_card"),
    path("ideas/<int:key>/place.geojson", ideas.place, name="idea_place"),
    path("ideas/<int:key>/photo/<slug:size>.jpg", ideas.photo, name="idea_photo"),
    path("ideas/<int:key>/change/", ideas.change, name="idea_change"),
    path("ideas/<int:key>/withdraw/", ideas.withdraw, name="idea_withdraw"),
    path("ideas/<int:key>/support/", ideas.support, name="idea_support"),
    path("ideas/<int:key>/comment/", ideas.comment, name="idea_comment"),
    path("ideas/<int:key>/comments/<uuid:pk>/withdraw/", ideas.withdraw_comment, name="comment_withdraw"),
]
