"""How much may be spent in a day or a month: read `budgets.py`."""
