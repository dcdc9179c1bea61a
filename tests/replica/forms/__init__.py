"""The body forms of the provinces' systems, one module a family, chosen by `render`."""
