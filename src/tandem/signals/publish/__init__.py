"""What goes out: state, forecast, counts. Nothing comes in."""
