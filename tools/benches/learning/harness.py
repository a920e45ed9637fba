"""The program of harness.swift, built from the present sources."""
import glob
import os
import subprocess
import sys

from frame import BUILD, ROOT


def build_harness():
    """Compiles it with optimisation, as the product is, and gives its path."""
    os.makedirs(BUILD, exist_ok=True)
    program = os.path.join(BUILD, "harness")
    subprocess.run(
        ["swiftc", "-O", "-wmo", "-parse-as-library", "-module-name", "Harness",
         *sorted(glob.glob(os.path.join(ROOT, "Sources", "LinearSVM", "*.swift"))),
         os.path.join(os.path.dirname(os.path.abspath(__file__)), "harness.swift"), "-o", program],
        check=True, stdout=sys.stderr)
    return program
