"""`tailor check`, asked by the benchmarks of copies."""
import json
import subprocess
import time


def check(program, data, flags):
    start = time.time()
    done = subprocess.run([program, "check", data, "--json", "--quiet", "--no-cache", *flags],
                          capture_output=True, text=True)
    assert done.returncode in (0, 3), done.stderr
    return json.loads(done.stdout), time.time() - start


def pairs(report, codes):
    return {frozenset((a, b)) for f in report["findings"] if f["code"] in codes
            for item in f["items"] for a in item["paths"] for b in item["paths"] if a < b}
