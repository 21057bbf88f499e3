"""What Tactful knows of a customer, why, until when, and what the customer can do about it."""
