"""The USB lab: a Debian kernel in QEMU, USB devices written in Python, and the real program against both."""
