"""What a system watches of itself: its clock, its certificates, its queues, its callers."""
