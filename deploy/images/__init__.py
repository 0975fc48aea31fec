"""Builds the images of containers, from Debian's packages and the locks: no registry is asked.

recipes    what is in each image: packages, user, folders
debian     Debian's packages: fetched by mmdebstrap, unpacked, checked for what they load
contents   what of an image is ours
layers     a tree as a tar of reproducible bytes
archives   buildah, and an OCI archive of reproducible bytes
build      from recipes to archives, once or twice
"""
