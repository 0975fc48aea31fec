"""Reports in other languages, read and answered by models on this computer."""
