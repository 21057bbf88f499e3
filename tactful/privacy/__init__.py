"""Text in, placeholders out: detector, recognizers, policy, placeholders."""
