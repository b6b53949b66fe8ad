"""The judged: an exemplary MES and WMS and the link between them, built from the contract alone."""
