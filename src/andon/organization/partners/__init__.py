"""Partners: the suppliers we buy from and the customers we deliver to (ISO 9000: 3.2.5, 3.2.4).

Master data without a workflow; lots name the partner they came from or went to.
"""
