"""The quick-entry line: one typed line is a treatment, and a treatment written back is that line.

Sites are parted by ``;`` and the order within a site is free. Upper and lower case are the same.

==================  ==========================================================================
piece               means
==================  ==========================================================================
``gmed`` ``glut med``  muscle by code, beginning of a name, or synonym
``l`` ``r`` ``lr``  side; ``lr`` is two rows, and whatever else the site says holds for both
``1`` ``ant``       zone of that muscle; ``@.50,.30`` a free place on the map
``30x50``           needle of 0.30 × 50 mm (``0.30x50`` too; ``30x?`` or ``?x50`` when half is known)
``=``               needle and technique of the site before in the line
``d25``             depth in mm
``fifo`` ``us``     technique by code, beginning of a name, or synonym
``2hz`` ``1.5ma``   electrical settings; they mean technique EDN when none is named
``x10``             passes through one skin insertion
``i3``              skin insertions with this needle
``ret10``           retention in minutes
``t`` ``t3``        twitch elicited; counted
``t-`` ``t?`` ``tn``  twitch sought and none; not sought; sought but could not be seen
``p+`` ``p-``       familiar pain reproduced; not reproduced
``b`` ``s2``        bruise seen; soreness 0-10
``scar`` ``tendon``  the target when it is not the muscle itself
``p6>3``            a measure before > after; ``p6`` before only, ``p>3`` after only
``irl24>31``        the same with its own side; without, the side of the episode
``cst30:12>14``     a measure whose name ends in a digit takes a colon
``act`` ``pas``     range of motion measured actively or passively
``pf`` ``pp``       single-leg stance free of pain, or until pain was provoked
``n8/7``            needles in / out; ``n8`` in only, ``n?/7`` out only
``o9/9``            needles opened / to sharps
``.``               as last time, in a part of its own
==================  ==========================================================================

A line that carries one ``act`` or ``pas`` means it for all its readings; with several, each holds for
the readings after it; ``pf`` and ``pp`` always hold for the readings after them. A reading's side is
the one typed, else the episode's, else the one side that every site of the line shares. The side of a
site is never guessed.
"""

from hiplog.clinical.shorthand.echo import echo
from hiplog.clinical.shorthand.line import Line, LineDefaults, LineError, SiteReaction
from hiplog.clinical.shorthand.reader import parse, read
from hiplog.clinical.shorthand.writer import write

__all__ = ["Line", "LineDefaults", "LineError", "SiteReaction", "echo", "parse", "read", "write"]
