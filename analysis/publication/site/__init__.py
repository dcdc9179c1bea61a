"""The public site beside the data set: static pages in Chinese, and in English below ``en/``.

``pages`` writes them, ``awards_files`` the awards that their list reads, ``periods`` says which periods have a page,
``downloads`` what the page of downloads lists, ``latest`` has the newest awards, for the feed too.

No page asks for anything outside its own folder, so the site works on any web server and from a disk.
"""
