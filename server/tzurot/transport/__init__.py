"""gRPC at the edge: who calls, is the call well formed, how errors travel. Knows no room."""
