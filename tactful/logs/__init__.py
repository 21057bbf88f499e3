"""The log: one line for each thing that happened, none of it about a person. `setup.writing` puts it together."""
