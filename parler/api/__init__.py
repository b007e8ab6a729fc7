"""What every REST view shares: who asks, how errors look, how pages are linked."""
