"""Example content of the exchange: made up, and labelled so wherever it is shown."""
