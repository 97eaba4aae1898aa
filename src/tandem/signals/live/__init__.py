"""Running in real time, keeping a log of every decision, and repeating it."""
