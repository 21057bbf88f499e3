"""What `tactful doctor` looks at. A check says what it found; what is wrong it raises, with what to do about it."""
