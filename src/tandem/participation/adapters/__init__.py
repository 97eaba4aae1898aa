"""What participation knows of the outside: file formats."""
