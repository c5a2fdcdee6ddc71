"""Print the Nth fenced ``sh`` block of a Markdown file; it must be one line."""

import pathlib
import re
import sys

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
block = blocks[int(sys.argv[2]) - 1].strip()
if "\n" in block:
    sys.exit("the block must be one line")
print(block)
