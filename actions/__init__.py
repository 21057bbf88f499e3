"""Rasa's custom actions: shims that hand a turn to `tactful.assistant`."""
