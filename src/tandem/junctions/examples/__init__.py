"""Data of the examples: junction files and results of the engine, as it wrote them."""
