"""What an operator sees of Tactful while it runs: how long each stage of a message takes, and traces of it."""
