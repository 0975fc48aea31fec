"""What a line is run with, and how a release and the documents are made. No part of the program."""
