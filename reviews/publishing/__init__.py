"""Publishing: who may read what, editions frozen for good, and the files and pages made of them."""
