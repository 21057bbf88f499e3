"""The agents' console: pages for the people who review redacted transcripts and take conversations over."""
