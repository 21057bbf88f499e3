"""Events out of the outbox, to other systems."""
