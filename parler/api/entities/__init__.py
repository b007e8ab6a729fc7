"""What answers consist of: types (`types`) and functions that fill them from what the reader may see."""
