"""Builds Debian packages of Quietline: its own Python packages beside the distribution's Python.

targets     which distribution, Python and machine a package is for
wheels      what the locks name for one of them, put into a folder
manual      manual pages and completion, from the commands' own help
recipe      the files of a package, then debhelper
repository  a signed, static APT repository of packages
"""
