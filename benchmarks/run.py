"""Run every benchmark, one after another: ``make bench``."""

import subprocess
import sys
from pathlib import Path

HELPERS = {"run.py", "peers.py", "make_catalogue.py", "make_features.py", "make_table.py", "pollock_score.py"}

if __name__ == "__main__":
    folder = Path(__file__).parent
    for each in sorted(folder.glob("*.py")):
        if each.name not in HELPERS:
            subprocess.run([sys.executable, str(each)], check=True, cwd=folder)
