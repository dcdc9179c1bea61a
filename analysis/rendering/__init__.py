"""How figures are written for people: texts, names and numbers in two languages, Excel sheets."""
