"""The name of a source that is no portal: the rows of tables of awards that users import."""

IMPORTED = "imported"  # the value of the column ``portal``
