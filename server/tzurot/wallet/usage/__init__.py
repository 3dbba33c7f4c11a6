"""What was asked of models, and what it cost: read `metering.py`."""
