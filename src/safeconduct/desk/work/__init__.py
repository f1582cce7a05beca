"""Work that takes time: started from a page, done by a process of its own, kept on disk with what it was asked on."""
