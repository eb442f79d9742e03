"""Python imports this at its start, before anything else: so a server that a test starts has the suite's clock."""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["TEST_CLOCK_OFFSET"]), tick=True).start()
