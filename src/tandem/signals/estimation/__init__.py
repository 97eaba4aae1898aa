"""What is known of the road users now, and when they will arrive."""
