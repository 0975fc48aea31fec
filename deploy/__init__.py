"""What a line is run with, and how a release is made. Nothing here is part of the program."""
