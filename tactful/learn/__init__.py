"""From reviewed transcripts to a better model: compared, gated, promoted, and back in a second."""
