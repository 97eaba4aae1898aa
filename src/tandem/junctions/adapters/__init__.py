"""The outside: files, and what a running engine sends."""
