"""What the command line says in other languages than English: one file for each, ``zh.toml``.

The code says everything in English, and that text is the key. ``translator`` turns it into the reader's language where
it is written to the terminal, so no other module needs to know about languages.
"""
