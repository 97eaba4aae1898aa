"""What a junction is, and when its design is sound: pure values and rules."""
