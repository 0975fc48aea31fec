"""The house itself: its maps, its words, its decisions and its numbered open points, held to."""
