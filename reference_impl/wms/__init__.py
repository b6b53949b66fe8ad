"""The warehouse management system: owns quantity and location of everything until it is issued."""
