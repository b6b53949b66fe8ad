"""The manufacturing execution system: owns orders, lot status and the work in process."""
