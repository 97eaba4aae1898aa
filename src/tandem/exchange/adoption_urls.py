"""Addresses of the pages of adoptions, below a language."""

from django.urls import path

from tandem.exchange.views import adopting, adoption_steps, adoption_update, adoptions, partner_bundles

_ONE = "adoptions/<uuid:pk>/"
_PART = f"{_ONE}parts/<slug:kind>/<slug:name>/"
adoption_urlpatterns = [
    path("measures/take-in/", partner_bundles.take_in, name="take_in"),
    path("measures/<slug:slug>/adopt/", adopting.adopt, name="adopt"),
    path("measures/<slug:slug>/adopt/<str:number>/", adopting.plan, name="adopt_version"),
    path("adoptions/", adoptions.adoption_list, name="adoptions"),
    path(_ONE, adoptions.adoption, name="adoption"),
    path(f"{_ONE}receipt.json", adoptions.receipt, name="adoption_receipt"),
    path(f"{_ONE}tell/", adoptions.tell, name="adoption_tell"),
    path(f"{_ONE}comparison/", adoptions.comparison, name="adoption_comparison"),
    path(f"{_ONE}update/<str:number>/", adoption_update.update, name="adoption_update"),
    path(f"{_ONE}go-live/", adoption_steps.go_live, name="adoption_go_live"),
    path(f"{_ONE}diverge/", adoption_steps.diverge, name="adoption_diverge"),
    path(f"{_ONE}retire/", adoption_steps.retire, name="adoption_retire"),
    path(f"{_ONE}undo/", adoption_steps.undo, name="adoption_undo"),
    path(f"{_PART}sign-off/", adoption_steps.sign_off, name="adoption_sign_off"),
    path(f"{_PART}simulation/", adoption_steps.simulation, name="adoption_simulation"),
]
