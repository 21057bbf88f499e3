"""Cities, airports, dates and money in what a customer writes, with their exact values."""
