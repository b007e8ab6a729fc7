"""Pages: they fetch what the reader may see, call one verb, and answer with a page or a partial of it."""
