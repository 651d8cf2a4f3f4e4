"""Pages for people, over the same data as the interface; scripts and styles are built by build.mjs."""
