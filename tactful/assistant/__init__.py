"""What the assistant decides: functions from a turn to what is said and remembered. No database writes."""
