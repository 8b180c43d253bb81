#!/usr/bin/env bash
# Compares the explorer with Spin's pan on the same spaces: see bench/README.md. Needs spin and gcc; RUNS=5 runs each, alternated; SIZES=small, large or both.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
runs=${RUNS:-5}
lazykick=${LAZYKICK:-$top/src/Lazykick.Cli/bin/Release/net10.0/Lazykick.Cli}
[ -x "$lazykick" ] || dotnet build -c Release "$top/src/Lazykick.Cli" -v q -nologo >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build_pan() { # name, targets, callers, more options of gcc
    mkdir -p "$work/$1"
    (cd "$work/$1" && spin -o3 -a -DN="$2" -DCALLERS="$3" "$here/v2.pml" > spin.log && gcc -O2 -DSAFETY -DNOREDUCE ${4:-} -o pan pan.c)
}

# CPU seconds (user+sys) and peak memory (bytes) of a command, of which the output is kept
measure() { # output, command...
    python3 - "$@" <<'PY'
import os, subprocess, sys
with open(sys.argv[1], "w") as out, open(sys.argv[1] + ".err", "w") as err:
    child = subprocess.Popen(sys.argv[2:], stdout=out, stderr=err)
    _, status, used = os.wait4(child.pid, 0)
# lazykick exits with 1: S1.windows and S5b are violated by design and not looked at by pan
if os.waitstatus_to_exitcode(status) not in (0, 1):
    sys.exit(f"{sys.argv[2]} failed, see {sys.argv[1]}")
print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
PY
}

compare() { # targets, callers, value of knob svc
    build_pan dfs "$1" "$2"
    build_pan bfs "$1" "$2" -DBFS
    : > "$work/results"
    for ((run = 0; run < runs; run++)); do
        echo "pan-dfs $(measure "$work/pan-dfs" "$work/dfs/pan" -m10000000 -w24)" >> "$work/results"
        echo "pan-bfs $(measure "$work/pan-bfs" "$work/bfs/pan" -w24)" >> "$work/results"
        echo "lazykick $(measure "$work/lazykick" "$lazykick" check "$here/v2-core.kick" --memory sc --exact --workers 1 --set svc="$3" --cpus $(($1 + 1)) --json)" >> "$work/results"
    done
    python3 - "$work" "$1" "$2" <<'PY'
import json, re, statistics, sys
work, targets, callers = sys.argv[1:]
states = {"lazykick": json.load(open(f"{work}/lazykick"))["checks"][0]["states"]}
for pan in ("pan-dfs", "pan-bfs"):
    text = open(f"{work}/{pan}").read()
    if "errors: 0" not in text or "max search depth too small" in text:
        sys.exit(f"{pan} did not search the whole space:\n{text}")
    states[pan] = int(re.search(r"(\d+) states, stored", text)[1])
if len(set(states.values())) != 1:
    sys.exit(f"the searches do not find the same states: {states}")
runs = {}
for line in open(f"{work}/results"):
    name, seconds, peak = line.split()
    runs.setdefault(name, []).append((float(seconds), int(peak)))
median = {name: statistics.median(s for s, _ in r) for name, r in runs.items()}
rates = {name: states[name] / median[name] for name in runs}
for name in runs:
    peak = statistics.median(p for _, p in runs[name])
    print(f"{targets} targets, {callers} with system calls  {name:9} {states[name]:>9} states  {median[name]:7.2f} CPU s  {rates[name] / 1e6:6.2f} M states/CPU s"
          f"  {peak / states[name]:6.0f} B/state  lazykick is {rates['lazykick'] / rates[name]:5.2f} times as fast")
PY
}

sizes=${SIZES:-small large}
if [[ $sizes == *small* ]]; then compare 2 2 all; fi
if [[ $sizes == *large* ]]; then compare 3 1 one; fi
