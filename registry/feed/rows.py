"""How a staged row says which line of which file it is.

The row of a file that is staged alone is its line. Where several files are staged together, the id of the file stands
in the upper half of the number, so that one statement serves them all and each line still knows where it comes from.
"""

BITS_OF_LINE = 32


def first_row(feed_file_id):
    """What is added to the lines of a file that is staged with others."""
    return feed_file_id << BITS_OF_LINE


def file_of(row):
    """The id of the file of a staged row, as SQL over the expression `row`; 0 where the file is staged alone."""
    return f"({row} >> {BITS_OF_LINE})"


def line_of(row):
    """The line of a staged row in its file, as SQL over the expression `row`."""
    return f"({row} & {(1 << BITS_OF_LINE) - 1})::integer"
