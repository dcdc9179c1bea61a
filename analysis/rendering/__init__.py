"""How figures are written for people: texts and numbers in two languages, Excel sheets."""
