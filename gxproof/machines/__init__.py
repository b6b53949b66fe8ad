"""MES and WMS on machines of their own, which can be killed, cut off from power and restored."""
