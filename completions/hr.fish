# made by `make completions'
