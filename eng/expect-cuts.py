#!/usr/bin/env python3
"""Writes PHASE.expected beside each cut of a capture: counts of the phase that were made without Lazykick.

usage: expect-cuts.py CAPTURE DIRECTORY
  CAPTURE    directory of the whole capture, with its truth/
  DIRECTORY  the cuts that cut-sample.py made of it: PHASE.dat.zst

Sources, as the files name them:
  text     what the kernel (trace.txt) or `trace-cmd report` printed between the marks of the phase
  stacks   truth/entry_stacks.txt: kernel stacks that a second ftrace instance took at the interrupts' entries
  irq      irq/PHASE.after less irq/PHASE.before: /proc/interrupts, which knows nothing of ftrace
  counts:N line N of truth/counts.txt
  form     a closed form of what the workload asked for (N: scenario.log)
Two sources that differ are an error, except irq: its snapshots lie outside of the marks.
"""
import bisect
import os
import re
import subprocess
import tempfile
import sys

ENTRIES = {
    'ipi_entry (Function call interrupts)': 'function-call', 'call_function_entry': 'function-call',
    'call_function_single_entry': 'function-call', 'ipi_entry (Rescheduling interrupts)': 'reschedule',
    'reschedule_entry': 'reschedule', 'ipi_entry (IRQ work interrupts)': 'irq-work', 'irq_work_entry': 'irq-work',
}
PROC = {'Function call interrupts': 'function-call', 'Rescheduling interrupts': 'reschedule', 'IRQ work interrupts': 'irq-work'}
# Both instances print microseconds, cut off. More would take the stack of the next interrupt for this one's.
ROUNDING = 0.0000015
LINE = re.compile(r'^\s*.*?-\d+\s+(?:\[(\d+)\])\s+(?:\S{4,8}\s+)?([\d.]+): (\w+): *(.*)$')
# What a phase asks of isolated CPU 2, in units of N (facts of the workload); None: 20 or 6 whatever N is.
FORMS = {
    ('static_key', 'do_nothing'): 8, ('static_key', 'do_sync_core'): 72, ('perf_cpu2', 'do_nothing'): 2, ('perf_cpu2', 'do_sync_core'): 6,
    ('perf_cpu2', 'remote_function'): 2, ('perf_cpu2', '__perf_event_read'): 1, ('membarrier_private', 'ipi_mb'): 3,
    ('membarrier_sync_core', 'ipi_sync_core'): 3, ('membarrier_global', 'ipi_mb'): 3, ('mprotect', 'flush_tlb_func'): 6, ('munmap', 'flush_tlb_func'): 3,
}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(errors='replace').splitlines()


def text_lines(capture):
    """(time, CPU, event, rest) of every event that the kernel or trace-cmd printed."""
    if os.path.exists(capture + '/trace.txt.zst'):
        lines = output('zstd', '-dcq', capture + '/trace.txt.zst')
    else:
        handle, plain = tempfile.mkstemp(suffix='.dat')
        os.close(handle)
        subprocess.run(['zstd', '-dqf', capture + '/trace.dat.zst', '-o', plain], check=True)
        lines = output('trace-cmd', 'report', '-i', plain)
        os.remove(plain)
    for line in lines:
        if match := LINE.match(line):
            yield float(match[2]), int(match[1]), match[3], match[4]


def entry_name(event, rest):
    name = f'ipi_entry {rest.strip()}' if event == 'ipi_entry' else event
    return ENTRIES.get(name)


def stack_entries(capture):
    """(CPU, cause) -> sorted [time, state]: what the entry's stack shows."""
    entries = {}
    latest = {}
    current = None
    for line in output('zstd', '-dcq', capture + '/truth/entry_stacks.txt.zst'):
        if match := LINE.match(line):
            cpu, cause = int(match[1]), entry_name(match[3], match[4])
            if cause:
                latest[cpu] = [float(match[2]), 'kernel', '', 0]
                entries.setdefault((cpu, cause), []).append(latest[cpu])
            current = None
        elif '<stack trace>' in line:
            current = latest.get(int(re.search(r'\[(\d+)\]', line)[1]))
        elif current and (frame := re.match(r'^ => (\S+)', line)):
            # An interrupt that hit the way out of an earlier one has two entries in its stack, the outer one from user mode.
            current[2] = frame[1]
            current[3] += frame[1] == 'el1h_64_irq' or frame[1].startswith('asm_sysvec_')
            if frame[1] == 'el0t_64_irq' and current[3] == 0:
                current[1] = 'user'
            elif frame[1] in ('do_idle', 'default_idle_call', 'cpuidle_idle_call'):
                current[1] = 'idle'
    for rows in entries.values():
        for row in rows:
            if row[2].startswith('asm_sysvec_') and row[3] == 1:
                row[1] = 'user'
    return entries


def proc_counts(path):
    counts = {}
    lines = open(path).read().splitlines()
    cpus = [int(word[3:]) for word in lines[0].split()]
    for line in lines[1:]:
        for name, cause in PROC.items():
            if line.rstrip().endswith(name):
                for cpu, word in zip(cpus, line.split()[1:]):
                    counts[cpu, cause] = int(word)
    return counts


def symbol(text):
    return re.sub(r'[+.].*', '', text)


def mask_cpus(text, is_list):
    """CPUs of a mask: a list (1-3,70) where trace-cmd printed it, words of hexadecimal digits where the kernel did."""
    if is_list:
        ends = [[int(end) for end in part.split('-')] for part in text.split(',')]
        return [cpu for part in ends for cpu in range(part[0], part[-1] + 1)]
    bits = int(text.replace(',', ''), 16)
    return [cpu for cpu in range(bits.bit_length()) if bits >> cpu & 1]


def expect(capture, phase, events, stacks, counts, n):
    is_dat = not os.path.exists(capture + '/trace.txt.zst')
    begin = [e for e in events if f'PHASE {phase} begin' in e[3]][0][0]
    end = [e for e in events if f'PHASE {phase} end' in e[3]][-1][0]
    inside = [e for e in events if begin <= e[0] <= end]

    def source(number, pattern):
        """Where truth/counts.txt says the same; an error where it says something else."""
        section = ''
        for index, line in enumerate(counts, 1):
            if line.startswith('## '):
                section = line[3:].strip()
            elif section == f'phase {phase}' and re.search(pattern, line):
                assert int(line.split()[0]) == number, (capture, phase, number, line)
                return f', counts:{index}'
        return ''

    def mark(edge):
        for index, line in enumerate(counts, 1):
            if line.strip().endswith(f' {phase} {edge}'):
                return f', counts:{index}'
        return ''

    rows = [(f'span {begin:.6f} {end:.6f}', 'text' + mark('begin') + mark('end'))]
    queued, sent, single, lazy, entered, taken = {}, {}, {}, {}, {}, {}
    entries = [e for e in events if entry_name(e[2], e[3])]
    for time, cpu, event, rest in inside:
        if event == 'csd_queue_cpu':
            key = (symbol(re.search(r'func=(\S+)', rest)[1]), int(re.search(r'cpu=(\d+)', rest)[1]))
            queued[key] = queued.get(key, 0) + 1
        elif event == 'ipi_send_cpu':
            site = symbol(re.search(r'callsite=(\S+)', rest)[1])
            single[site] = single.get(site, 0) + 1
            if int(re.search(r'cpu=(\d+)', rest)[1]) != cpu:
                sent[site] = sent.get(site, 0) + 1
        elif event == 'ipi_send_cpumask':
            site = symbol(re.search(r'callsite=(\S+)', rest)[1])
            mask = re.search(r'cpumask=([0-9a-f,-]+)', rest)[1]
            sent[site] = sent.get(site, 0) + len(mask_cpus(mask, is_dat))
        elif event == 'kick_lazy':
            key = (int(re.search(r'cpu=(\d+)', rest)[1]), 'skips' if 'skipped=1' in rest else 'sends')
            lazy[key] = lazy.get(key, 0) + 1
        elif cause := entry_name(event, rest):
            entered[cpu, cause] = entered.get((cpu, cause), 0) + 1
            # The other instance records the same entry a little earlier, after the entry before it.
            rows_of = stacks.get((cpu, cause), [])
            at = bisect.bisect_right(rows_of, time + ROUNDING, key=lambda row: row[0]) - 1
            previous = [e[0] for e in entries if e[1] == cpu and e[0] < time and entry_name(e[2], e[3]) == cause][-1:]
            if at >= 0 and rows_of[at][0] > (previous or [0])[0] - 0.0001:
                taken.setdefault((cpu, cause), []).append(rows_of[at][1])
    for (function, cpu), number in sorted(queued.items()):
        form = FORMS.get((phase, function)) if cpu == 2 else None
        if form:
            assert number == form * n, (capture, phase, function, number, form, n)
        rows.append((f'queued {function} {cpu} = {number}', 'text' + (f', form {form} N' if form else '')))
    for site, number in sorted(sent.items()):
        rows.append((f'sent {site} = {number}', 'text' + (source(number, rf'ipi_send_cpu \| {re.escape(site)}(\.\S+)? \|') if single.get(site) == number else '')))
    before, after = (proc_counts(f'{capture}/irq/{phase}.{edge}') for edge in ('before', 'after'))
    for (cpu, cause), number in sorted(entered.items()):
        states = taken.get((cpu, cause), [])
        sources = 'text'
        if any(key[1] == cause for key in stacks):
            assert len(states) == number, (capture, phase, cpu, cause, number, len(states))
            sources += ', stacks'
        if after.get((cpu, cause), 0) - before.get((cpu, cause), 0) == number:
            sources += ', irq'
        rows.append((f'interrupts {cpu} {cause} = {number}', sources))
        for state in sorted(set(states)):
            rows.append((f'hits {cpu} {cause} {state} = {states.count(state)}', 'stacks'))
    for (cpu, decision), number in sorted(lazy.items()):
        rows.append((f'lazy {cpu} {decision} = {number}', 'text (ipi:kick_lazy)'))
    name = os.path.basename(capture.rstrip('/'))
    text = f'# Phase {phase} of {name}: counts made without Lazykick, and their sources (eng/expect-cuts.py). N = {n}\n'
    return text + ''.join(f'{row:<48}# {sources}\n' for row, sources in rows)


def main(capture, directory):
    events = list(text_lines(capture))
    has_stacks = os.path.exists(capture + '/truth/entry_stacks.txt.zst')
    stacks = stack_entries(capture) if has_stacks else {}
    path = capture + '/truth/counts.txt'
    counts = open(path).read().splitlines() if os.path.exists(path) else []
    toggles = re.search(r'toggle (\d+)', open(capture + '/scenario.log').read())
    n = int(toggles[1]) if toggles else 0
    for name in sorted(os.listdir(directory)):
        if name.endswith('.dat.zst'):
            phase = name[:-len('.dat.zst')]
            with open(f'{directory}/{phase}.expected', 'w') as file:
                file.write(expect(capture, phase, events, stacks, counts, n))


main(*sys.argv[1:])
