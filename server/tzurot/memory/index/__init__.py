"""Where candidates for recall come from: one port, two engines, and the relay that feeds them."""
