"""Archives in, redacted archives out: in parts, by many processes, again and again until it is done."""
