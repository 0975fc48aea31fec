"""What somebody is given to review a translation."""
