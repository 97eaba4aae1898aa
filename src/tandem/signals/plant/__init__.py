"""What is controlled: SUMO, an exact queue model, a recorded run."""
