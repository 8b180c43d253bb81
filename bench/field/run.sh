#!/usr/bin/env bash
# How long `lazykick check` takes for each protocol of schemes/field, in each configuration of its .expected file: see bench/README.md.
# Exits with 1 if one is not decided, or takes LIMIT (5) seconds of CPU time or more. ONLY=NAME measures one protocol.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
limit=${LIMIT:-5}
lazykick=${LAZYKICK:-$top/src/Lazykick.Cli/bin/Release/net10.0/Lazykick.Cli}
[ -x "$lazykick" ] || dotnet build -c Release "$top/src/Lazykick.Cli" -v q -nologo >&2
python3 - "$top/schemes/field" "$lazykick" "$limit" "${ONLY:-}" <<'PY'
import glob, json, os, subprocess, sys

folder, lazykick, limit, only = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
rows, failed = [], 0
for expected in sorted(glob.glob(f"{folder}/*.expected")):
    name = os.path.basename(expected)[: -len(".expected")]
    if only and name != only:
        continue
    for line in open(expected):
        if not line.startswith("cpus "):
            continue
        words = line.split()
        call = [lazykick, "check", f"{folder}/{name}.kick", "--json", "--cpus", words[1], "--memory", words[3]]
        for knob in words[4:]:
            call += ["--set", knob]
        child = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        answer = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        seconds = used.ru_utime + used.ru_stime
        # Status 4: what is promised was decided, and something else that makes an answer was not there to be explored.
        check = json.loads(answer)["checks"][0] if code in (0, 1, 4) else {"end": "no answer", "states": 0, "answer": "none"}
        decided = check["end"] == "exhausted"
        rows.append((seconds, name, " ".join(words[1:]), check["states"], used.ru_maxrss // 1024, check["answer"], decided))
for seconds, name, configuration, states, memory, answer, decided in sorted(rows, reverse=True):
    late = seconds >= limit or not decided
    failed += late
    print(f"{seconds:6.2f} s  {states:>9,} states  {memory:>4} MB  {answer:9} {name} {configuration}{'  <<' if late else ''}")
print(f"{len(rows)} configurations, {failed} of them not decided in {limit:g} s of CPU time")
sys.exit(1 if failed or not rows else 0)
PY
