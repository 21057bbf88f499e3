"""One recognizer a file. Each takes the normalised text and yields spans of it."""
