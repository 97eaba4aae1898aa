"""Opinion groups: who votes alike on short statements, what sets groups apart, and what unites them."""
