"""`pdf_child` as it is, which says at its end what it took: MiB of memory, seconds of the CPU."""

import json
import re
import sys
import time
from pathlib import Path

from tzurot.formats.texts import pdf_child

if __name__ == "__main__":
    pdf_child.main()
    peak = re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[0]
    sys.stderr.write(json.dumps({"memory": int(peak) / 1024, "seconds": time.process_time()}))
