"""Runs a program and tells its time and memory."""
import json
import subprocess
import sys

# A small process between: the memory of a child is reckoned from what its parent held when it forked.
MEASURE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
printed = subprocess.run(sys.argv[1:], check=True, stdout=subprocess.PIPE, text=True).stdout
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, printed]))
"""


def measured(*command):
    """Runs a program and gives seconds, the most memory it held in KiB, and what it printed."""
    return json.loads(subprocess.run(
        [sys.executable, "-S", "-c", MEASURE, *command], check=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL).stdout)
