// The tables and plots of the report: every number comes from the document that report --json writes.

const STATE_ORDER = ['userEqs', 'user', 'guest', 'idle', 'kernel', 'unknown'];
const STATE_OF = { unknown: 0, kernel: 1, user: 2, userEqs: 3, idle: 4, guest: 5 };
const VERDICTS = ['needless', 'raced', 'needed', 'never', 'unknown'];
const VERDICT_OF = { unknown: 0, needless: 1, raced: 2, needed: 3, never: 4 };
const OUTSIDE = ['functionCall', 'reschedule', 'irqWork', 'otherIpi', 'tick', 'device', 'nmi'];

const causeWord = (name) => {
  const at = ['none', 'systemCall', 'exception', 'functionCall', 'reschedule', 'irqWork', 'otherIpi', 'tick', 'device', 'nmi', 'other']
    .indexOf(name);
  return at < 0 ? name : CAUSE_WORDS[at];
};

// The recorder's own tasks kick, too.
const ownMark = (task) => (task?.startsWith('lazykick') ? ' (the recorder itself)' : '');

function section(id, title, ...content) {
  byId(id).replaceChildren(el('h2', {}, title), ...content.flat());
}

// What figures of CPUs the trace lacks something for, said once for all CPUs that lack the same.
function gapsOf({ report, evidence }) {
  const cpusOf = new Map();
  for (const cpu of report.selection.cpus) {
    const missing = new Set(Object.entries(cpu.notKnown)
      .filter(([figure]) => /^(time\.(user|userEqs|idle|kernel)|breaks|kicks\.(asked|needless))$/.test(figure))
      .flatMap(([, gap]) => gap.missing));
    const text = [...missing].map((code) => evidence[code] ?? code).join('; ');
    if (text) cpusOf.set(text, [...(cpusOf.get(text) ?? []), cpu.cpu]);
  }
  return [...cpusOf].map(([text, cpus]) => `CPU ${rangesOf(cpus)}: the trace lacks ${text}. States, breaks and verdicts are drawn as `
    + 'the events show them; figures that rest on what is missing have a question mark.');
}

function rangesOf(numbers) {
  const parts = [];
  for (const n of numbers) {
    const last = parts.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else parts.push([n, n]);
  }
  return parts.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(',');
}

function showHead(page, unit) {
  const { report, headlines } = page;
  const { trace, selection, limits, damage } = report;
  document.title = `${trace.name} - lazykick report`;
  byId('title').textContent = trace.name;
  const facts = [trace.kernel && `Linux ${trace.kernel}`, trace.machine, trace.container,
    `${duration(selection.duration, unit)}${selection.phase ? ` of phase ${selection.phase}` : ''}`, `${count(trace.events)} events`,
    trace.lostEvents || trace.lossGaps ? `${count(trace.lostEvents)} lost in ${count(trace.lossGaps)} places` : 'none reported lost',
    trace.startUtc && `starts ${trace.startUtc}`, `clock ${trace.clock}`];
  byId('facts').replaceChildren(...facts.filter(Boolean).map((fact) => el('span', {}, fact)));
  byId('headlines').replaceChildren(...headlines.map((line) => el('p', { class: 'lead' }, line)));
  const gaps = [...gapsOf(page), ...Object.values(limits), ...damage.map((d) => `Damaged: ${d.file} at ${count(d.offset)}: ${d.expected}`)];
  if (gaps.length > 0) {
    byId('limits').replaceChildren(el('div', { class: 'warn' },
      el('h3', {}, 'What this trace cannot tell'), el('ul', {}, gaps.map((text) => el('li', {}, text)))));
  }
}

function showLegend() {
  const band = (state) => el('span', {}, el('i', { style: { background: stateFill(state) } }), STATE_WORDS[STATE_OF[state]]);
  const arrow = (verdict) => el('span', {}, el('i', { class: 'stroke',
    style: { borderTopColor: `var(--${VERDICT_COLOURS[VERDICT_OF[verdict]]})` } }), VERDICT_WORDS[VERDICT_OF[verdict]]);
  byId('legend').replaceChildren(el('b', {}, 'Bands'), ...STATE_ORDER.map(band), el('b', {}, 'Kicks'), ...VERDICTS.map(arrow),
    el('span', {}, 'Below a band: interrupts. Dashed: not seen to arrive.'));
}

function showWorst(report, unit, go) {
  const { worstBreaks, trace } = report;
  if (worstBreaks.length === 0) {
    section('worst', 'Longest breaks', el('p', { class: 'soft' }, 'The trace shows no break of user mode or of a guest by an interrupt.'));
    return;
  }
  const rows = worstBreaks.map((worst, at) => {
    const sent = worst.function || worst.sender
      ? `${worst.function ?? 'sent'} by ${worst.sender ?? 'a task that is not in the trace'}` : '';
    return el('tr', { class: 'link', 'data-worst': at, onclick: () => go(at) },
      numberCell(el('button', { class: 'plain', type: 'button' }, duration(worst.duration, unit)), `${count(worst.duration)} ${unit}`),
      numberCell(worst.cpu), cell(worst.start, 'code'), cell(worst.task, 'code'),
      cell(worst.chain.map(causeWord).join(', ')), cell(sent, 'code'), cell(worst.callSite, 'code'));
  });
  section('worst', 'Longest breaks',
    el('p', { class: 'soft' }, `From the interrupt until the CPU was back in user mode or in the guest${trace.lossGaps > 0 ? ', as far as the trace has them' : ''}. Click one to see it.`),
    tableOf(['#took', '#CPU', 'at (s)', 'interrupted', 'interrupts', 'sent', 'call'], rows));
}

function showCauses(report, unit, search) {
  const { breakCauses } = report;
  if (breakCauses.length === 0) { byId('causes').replaceChildren(); return; }
  const most = Math.max(...breakCauses.map((cause) => cause.time));
  const rows = breakCauses.map((cause) => {
    const name = cause.function ?? cause.device ?? causeWord(cause.cause);
    return el('tr', {},
      cell(el('button', { class: 'plain code', type: 'button', title: 'Search for it', onclick: () => search(name) }, name)),
      cell(cause.class), numberCell(count(cause.count)),
      numberCell(duration(cause.time, unit), `${count(cause.time)} ${unit}`), cell(meter(cause.time, most)),
      numberCell(duration(cause.longest, unit)), cell(cause.cure ?? '', 'cure'));
  });
  section('causes', 'What broke isolation, and what helps',
    tableOf(['cause', 'class', '#breaks', '#stolen', '', '#longest', 'cure'], rows));
}

function meter(value, most) {
  return el('div', { class: 'share', style: { minWidth: '90px', border: '0' } },
    el('span', { style: { width: `${(100 * value) / Math.max(1, most)}%`, background: 'var(--kernel)' } }));
}

const known = (value, missing) => (value === null || value === undefined
  ? el('span', { title: missing ? `The trace lacks ${missing.missing.join(', ')}` : 'The trace cannot tell', class: 'soft' },
    missing?.atLeast ? `${count(missing.atLeast)} or more` : '?')
  : count(value));

const stateFill = (state) => (state === 'unknown'
  ? 'repeating-linear-gradient(135deg, var(--hatch) 0 1px, var(--unknown) 1px 5px)' : `var(--${STATE_COLOURS[STATE_OF[state]]})`);

function shareBar(cpu, model) {
  const told = STATE_ORDER.every((s) => s === 'guest' || cpu.time[s] !== null);
  const lane = model.laneOf.get(cpu.cpu);
  const time = (s) => (told ? cpu.time[s] ?? 0 : (lane?.totals[STATE_OF[s]] ?? 0) * model.scale);
  const whole = STATE_ORDER.reduce((sum, s) => sum + time(s), 0);
  const shown = STATE_ORDER.filter((s) => time(s) > 0);
  const words = (s) => `${STATE_WORDS[STATE_OF[s]]} ${percent(time(s), whole)}`;
  return [el('div', { class: 'share', role: 'img', 'aria-label': shown.map(words).join(', ') },
    shown.map((s) => el('span', { title: `${words(s)}, ${duration(time(s), model.unit)}`,
      style: { width: `${(100 * time(s)) / whole}%`, background: stateFill(s) } }))),
  told ? null : el('div', { class: 'soft small' }, 'as far as the events show')];
}

function showCpus(report, model) {
  const { unit } = model;
  const cpus = report.selection.cpus.filter((cpu) => cpu.hasEvents || cpu.kicks.asked);
  const rows = cpus.map((cpu) => {
    const breaks = cpu.breaks?.filter((b) => OUTSIDE.includes(b.cause) && b.of !== 'idle');
    const stolen = breaks?.every((b) => b.time !== null && b.time !== undefined) ? breaks.reduce((sum, b) => sum + b.time, 0) : null;
    const none = breaks && breaks.length === 0;
    const time = (value) => (none ? '\u2013' : told(value, (one) => duration(one, unit)));
    return el('tr', { 'data-cpu': cpu.cpu },
      numberCell(cpu.cpu), el('td', {}, shareBar(cpu, model)),
      numberCell(known(breaks ? breaks.reduce((sum, b) => sum + b.count, 0) : null, cpu.notKnown.breaks)),
      numberCell(time(stolen)), numberCell(time(cpu.breakTimes?.p50)), numberCell(time(cpu.breakTimes?.p99)),
      numberCell(time(cpu.breakTimes?.max)),
      ...VERDICTS.map((verdict) => {
        const name = `kicks.${verdict}`;
        return el('td', { class: 'num', 'data-verdict': verdict }, known(cpu.kicks.verdicts[verdict], cpu.notKnown[name]));
      }));
  });
  section('cpus', 'CPUs',
    el('p', { class: 'soft' }, 'Breaks: user mode or a guest ended by an interrupt. Kicks: asked for by other CPUs. A question mark: the trace cannot tell.'),
    tableOf(['#CPU', 'time', '#breaks', '#stolen', '#p50 \u2264', '#p99 \u2264', '#longest', '#needless', '#raced', '#needed', '#never deferrable', '#not known'], rows));
}

function showSchemes(report, unit) {
  const names = report.schemes;
  const cpus = report.selection.cpus.filter((cpu) => cpu.schemes.some((price) => price.expected?.servedKicks));
  if (names.length === 0 || cpus.length === 0) {
    section('schemes', 'What deferring kernels would save', el('p', { class: 'soft' },
      names.length === 0 ? 'No scheme was priced.' : 'No kick of this trace is of a kind that the priced schemes serve, or the trace cannot tell.'));
    return;
  }
  const draw = (refuted) => drawSchemes(report, unit, cpus, refuted, () => draw(true));
  draw(false);
}

function drawSchemes(report, unit, cpus, refuted, more) {
  const names = report.schemes;
  const rows = [];
  let hidden = 0;
  for (const cpu of cpus) {
    for (const price of cpu.schemes) {
      const out = price.expected;
      if (!out?.servedKicks) continue;
      const scheme = names.find((s) => s.name === price.scheme);
      if (scheme?.warning && !refuted) { hidden++; continue; }
      const { low, high } = price.interruptsLeftInAnotherRun ?? {};
      const bound = (value) => (price.fewest && price.most && price.fewest[value] !== price.most[value]
        ? `${count(price.fewest[value])} to ${count(price.most[value])}` : count(out[value]));
      rows.push(el('tr', {}, numberCell(cpu.cpu), cell(price.scheme, 'code'), numberCell(count(out.servedInterrupts)),
        numberCell(bound('interruptsAvoided')), numberCell(count(out.interruptsLeft)),
        numberCell(low === undefined ? '?' : `${low.toFixed(1)} to ${high.toFixed(1)}`),
        numberCell(known(out.userBreaksAvoided)), numberCell(out.timeSaved === null || out.timeSaved === undefined ? '?' : duration(out.timeSaved, unit)),
        cell(scheme?.warning ? el('span', { class: 'verdict', style: { color: 'var(--bad)' } }, scheme.warning) : '')));
    }
  }
  section('schemes', 'What deferring kernels would save',
    el('p', { class: 'soft' }, 'Interrupts of the kinds that a scheme serves, had this kernel deferred them. In another run: a 95 % interval under the same load.'),
    tableOf(['#CPU', 'scheme', '#interrupts', '#avoided', '#left', '#left in another run', '#breaks saved', '#time saved', 'what check says'], rows),
    hidden > 0 ? el('p', {}, el('button', { type: 'button', onclick: more }, `Show also ${count(hidden)} rows of schemes that check refutes`)) : []);
}

// A figure, or a question mark where the trace cannot tell it.
function told(value, words) {
  return value === null || value === undefined ? el('span', { class: 'soft', title: 'The trace cannot tell' }, '?') : words(value);
}

function showSenders(report, unit, search) {
  const all = report.senders;
  const some = 25;
  const row = (sender) => el('tr', {},
    cell(el('button', { class: 'plain code', type: 'button', title: 'Search for it',
      onclick: () => search(sender.function ?? sender.task ?? sender.interrupt) }, sender.function ?? causeWord(sender.interrupt))),
    cell(sender.class), cell(sender.task ? `${sender.task}-${sender.pid}${ownMark(sender.task)}` : sender.pid ?? 'not in the trace', 'code'), cell(sender.callSite, 'code'),
    cell(sender.targets, 'code'), numberCell(count(sender.kicks)), numberCell(count(sender.interrupts)),
    ...VERDICTS.map((verdict) => numberCell(told(sender.verdicts[verdict], count))), numberCell(told(sender.took, (time) => duration(time, unit))));
  const draw = (limit) => section('senders', 'Who kicked',
    tableOf(['function', 'class', 'task', 'call', 'to CPUs', '#kicks', '#interrupts', '#needless', '#raced', '#needed', '#never deferrable', '#not known', '#stole'],
      all.slice(0, limit).map(row)),
    all.length > limit ? el('p', {}, el('button', { type: 'button', onclick: () => draw(all.length) }, `Show all ${count(all.length)}`)) : []);
  draw(some);
}

// Breaks by how long they took, in half decades; the same breaks that the table of CPUs counts.
function showHistogram(model, go) {
  const { breaks, scale, unit } = model;
  if (breaks.count === 0) { byId('histogram').replaceChildren(); return; }
  const bins = new Map();
  for (let i = 0; i < breaks.count; i++) {
    const bin = Math.floor(Math.log10(Math.max(1, breaks.took[i] * scale)) * 4);
    const one = bins.get(bin) ?? { number: 0, time: 0, longest: i };
    one.number++;
    one.time += breaks.took[i] * scale;
    if (breaks.took[i] > breaks.took[one.longest]) one.longest = i;
    bins.set(bin, one);
  }
  const first = Math.min(...bins.keys());
  const last = Math.max(...bins.keys());
  const most = Math.max(...[...bins.values()].map((bin) => bin.number));
  const [width, tall, left, foot] = [620, 220, 54, 46];
  const step = (width - left - 10) / (last - first + 1);
  const height = (n) => (Math.log10(n + 1) / Math.log10(most + 1)) * (tall - foot - 20);
  const bars = [];
  for (let bin = first; bin <= last; bin++) {
    const one = bins.get(bin);
    const x = left + (bin - first) * step;
    if (one) {
      const label = `${count(one.number)} breaks of ${duration(10 ** (bin / 4), unit)} to ${duration(10 ** ((bin + 1) / 4), unit)}, ${duration(one.time, unit)} together`;
      bars.push(svg('g', { class: 'hit', tabindex: 0, role: 'button', 'aria-label': label,
        onclick: () => go(one.longest), onkeydown: (e) => { if (e.key === 'Enter') go(one.longest); } },
      svg('title', {}, label),
      svg('rect', { x: x + 1, y: tall - foot - height(one.number), width: Math.max(2, step - 2), height: Math.max(1, height(one.number)), fill: 'var(--kernel)' }),
      step > 22 ? svg('text', { x: x + step / 2, y: tall - foot - height(one.number) - 5, 'text-anchor': 'middle' }, count(one.number)) : []));
    }
    if ((bin - first) % Math.ceil(46 / step) === 0) {
      bars.push(svg('text', { x: x, y: tall - foot + 18, 'text-anchor': 'middle' }, duration(10 ** (bin / 4), unit)));
    }
  }
  section('histogram', 'How long breaks took',
    svg('svg', { viewBox: `0 0 ${width} ${tall}`, width: '100%', role: 'img', 'aria-label': 'Histogram of stolen time' },
      svg('line', { x1: left, x2: width - 10, y1: tall - foot, y2: tall - foot, stroke: 'var(--line)' }), bars,
      svg('text', { x: left, y: tall - 6 }, 'length of a break; heights are logarithmic; click a bar for its longest')));
}

// Time stolen by breaks, over the time of the trace.
function showOverTime(model, view) {
  const { breaks, scale, unit, length } = model;
  if (breaks.count === 0) { byId('over-time').replaceChildren(); return; }
  const columns = 80;
  const stolen = new Float64Array(columns);
  for (let i = 0; i < breaks.count; i++) {
    stolen[Math.max(0, Math.min(columns - 1, Math.floor((breaks.time[i] / length) * columns)))] += breaks.took[i] * scale;
  }
  const most = Math.max(...stolen);
  const [width, tall, left, foot] = [620, 220, 70, 46];
  const step = (width - left - 10) / columns;
  const bars = [...stolen].map((time, at) => (time === 0 ? [] : svg('g', { class: 'hit',
    onclick: () => view.show((at / columns) * length, ((at + 1) / columns) * length) },
  svg('title', {}, `${duration(time, unit)} from ${model.offset((at / columns) * length)}`),
  svg('rect', { x: left + at * step, y: tall - foot - (time / most) * (tall - foot - 20), width: Math.max(1, step - 1),
    height: Math.max(1, (time / most) * (tall - foot - 20)), fill: 'var(--kernel)' }))));
  section('over-time', 'When time was stolen',
    svg('svg', { viewBox: `0 0 ${width} ${tall}`, width: '100%', role: 'img', 'aria-label': 'Stolen time over the trace' },
      svg('line', { x1: left, x2: width - 10, y1: tall - foot, y2: tall - foot, stroke: 'var(--line)' }), bars.flat(),
      svg('text', { x: left - 6, y: 26, 'text-anchor': 'end' }, duration(most, unit)),
      svg('text', { x: left - 6, y: tall - foot + 4, 'text-anchor': 'end' }, '0'),
      [0, 0.5, 1].map((share) => svg('text', { x: left + share * (width - left - 10), y: tall - foot + 18,
        'text-anchor': share === 0 ? 'start' : share === 1 ? 'end' : 'middle' }, share === 0 ? '0' : duration(length * share * scale, unit))),
      svg('text', { x: left, y: tall - 6 }, `stolen in each ${duration((length * scale) / columns, unit)}; click a bar to see it`)));
}
