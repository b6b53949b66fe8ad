"""The link between the two systems: nothing is lost, nothing is done twice, order is kept."""
