// A race in swim lanes: time goes down, a lane for each CPU that moves.

const ROW = 34;
const HEAD = 58;
const STRIPS = { eqs: 8, text: 8, gap: 4 };
const FLIGHT_STEP = 9;

// What is known of the race besides its moves: bars of what is in flight, arrows of messages, masks, old text.
function raceFacts(check, race, drawing) {
  const { moves } = race;
  const cpus = [...new Set([...moves.map((move) => move.cpu), ...drawing.rows.map((row) => row.cpu)])].sort((a, b) => a - b);
  const same = (a, b) => a.cpu === b.cpu && a.file === b.file && a.line === b.line && a.step === b.step;
  const flights = [];
  const open = [];
  moves.forEach((move, at) => {
    if (move.phase === 'issue' && move.access !== 'none' && move.access !== 'barrier') {
      const last = moves.findLastIndex((m, i) => i > at && same(m, move) && m.phase !== 'issue' && !reissued(at, i));
      flights.push({ from: at, to: last < 0 ? null : last, cpu: move.cpu, write: move.access !== 'load' });
    }
  });
  function reissued(at, until) { return moves.some((m, i) => i > at && i < until && m.phase === 'issue' && same(m, moves[at])); }
  const messages = [];
  moves.forEach((move, at) => {
    if (move.kind === 'send' && move.target !== undefined) open.push({ at, cpu: move.cpu, target: move.target });
    if (move.kind === 'discover' || move.enters) {
      const sent = open.findIndex((m) => m.target === move.cpu && move.kind === 'discover');
      if (sent >= 0) messages.push({ ...open.splice(sent, 1)[0], to: at });
    }
  });
  messages.push(...open.map((m) => ({ ...m, to: null })));
  const fieldsBefore = new Map();
  for (const move of moves) {
    for (const [name, [before]] of Object.entries(move.changes)) if (!fieldsBefore.has(name)) fieldsBefore.set(name, before);
  }
  const states = [new Map(fieldsBefore)];
  for (const move of moves) {
    const next = new Map(states.at(-1));
    for (const [name, [, after]] of Object.entries(move.changes)) next.set(name, after);
    states.push(next);
  }
  const rowOf = new Map(drawing.rows.filter((row) => row.move !== undefined && row.move !== null).map((row) => [row.move, row]));
  const last = drawing.rows.filter((row) => row.move === undefined || row.move === null);
  return { check, race, drawing, moves, cpus, flights, messages, states, rowOf, last };
}

// Variables that readers know; program counters and slots of the machine are not among them.
const INTERNAL = /^(pc\d+|window \d+( .*)?|eqs since kick|in kick)(\[|$)/;
const MASK = /^([DAIF]|preempt|bh)\[(\d+)\]$/;
const STALE = /^(.+) stale\[(\d+)\]$/;

function staleAt(state, cpu) {
  const old = [];
  for (const [name, value] of state) {
    const match = STALE.exec(name);
    if (match && Number(match[2]) === cpu && value === 1) old.push(match[1]);
  }
  return old;
}

function masksAt(state, cpu) {
  return [...state].filter(([name, value]) => MASK.exec(name)?.[2] === String(cpu) && value !== 0).map(([name]) => name.split('[')[0]);
}

class RaceView {
  constructor(check, property, race, drawing) {
    this.facts = raceFacts(check, race, drawing);
    this.property = property;
    this.at = this.facts.moves.length;
    this.all = false;
    this.element = el('div', {});
    this.state = el('div', { class: 'state', 'aria-live': 'polite' });
    this.draw();
  }

  rows() {
    const { moves, rowOf, last } = this.facts;
    const shown = moves.map((move, at) => ({ move, at, row: rowOf.get(at) })).filter(({ row }) => this.all || row);
    return [...shown, ...last.map((row) => ({ row, cpu: row.cpu, at: moves.length, ends: true }))];
  }

  draw() {
    const { facts } = this;
    const { cpus, race, check, moves } = facts;
    const rows = this.rows();
    this.rowsShown = rows;
    const room = Math.min(innerWidth, 1680) - (innerWidth > 900 ? 430 : 60);
    const lane = Math.max(300, Math.min(620, (room - 44) / cpus.length));
    const left = (cpu) => 34 + cpus.indexOf(cpu) * lane;
    const y = (index) => HEAD + index * ROW + ROW / 2;
    // A move that is not shown lies where the next shown one is.
    const place = (move) => { const i = rows.findIndex((r) => r.at >= move); return y(i < 0 ? rows.length - 1 : i); };
    const width = 34 + cpus.length * lane + 10;
    const height = HEAD + rows.length * ROW + 14;
    const parts = [];
    for (const cpu of cpus) {
      const x = left(cpu);
      parts.push(svg('text', { x, y: 20, class: 'lane' }, `CPU${cpu} (${check.cpus[cpu]})`),
        svg('text', { x, y: 38 }, `starts at ${race.starts[cpu]}`));
      this.strips(parts, rows, cpu, x, y);
    }
    for (const message of facts.messages) {
      const [x0, x1] = [left(message.cpu) + 26, left(message.target) + 26];
      const [y0, y1] = [place(message.at), message.to === null ? height - 6 : place(message.to)];
      parts.push(svg('line', { x1: x0, y1: y0, x2: x1, y2: y1, class: 'message', 'stroke-dasharray': message.to === null ? '5 4' : null,
        'marker-end': 'url(#head)' }, svg('title', {}, message.to === null ? 'sent, and not taken' : 'an interrupt')));
    }
    const slots = new Map();
    for (const flight of facts.flights) {
      const [from, to] = [place(flight.from), flight.to === null ? height - 8 : place(flight.to)];
      if (to - from < 2) continue;
      const used = slots.get(flight.cpu) ?? [];
      let slot = used.findIndex((end) => end <= from);
      if (slot < 0) slot = used.length;
      used[slot] = to;
      slots.set(flight.cpu, used);
      const x = left(flight.cpu) + lane - 16 - slot * FLIGHT_STEP;
      const move = moves[flight.from];
      parts.push(svg('rect', { x, y: from - 3, width: 6, height: to - from + 6, rx: 3, class: flight.to === null ? 'flight open' : 'flight' },
        svg('title', {}, `${move.step}: ${flight.to === null ? 'in flight to the end' : 'in flight from here until it takes place'}`)));
    }
    rows.forEach((shown, index) => parts.push(this.rowOf(shown, index, left(shown.move?.cpu ?? shown.cpu), y(index), lane)));
    this.chart = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: 'race', role: 'list', 'aria-label': `Race of ${this.property}` },
      svg('defs', {}, svg('marker', { id: 'head', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' },
        svg('path', { d: 'M0 0L8 4L0 8z', class: 'head' }))), parts);
    const count = el('button', { type: 'button', onclick: () => { this.all = !this.all; this.draw(); this.go(this.at); } },
      this.all ? 'Only the moves that matter' : `All ${moves.length} moves`);
    this.element.replaceChildren(
      el('div', { class: 'bar' }, el('button', { type: 'button', onclick: () => this.step(-1), title: 'Previous (up)' }, '\u2191'),
        el('button', { type: 'button', onclick: () => this.step(1), title: 'Next (down)' }, '\u2193'), count,
        el('span', { class: 'soft' }, 'Strips: green the EQS, red old text or translations. Bars at the right of a lane: an access in flight, from its execution until it takes place.')),
      el('div', { class: 'race-pair' }, el('div', { class: 'table scroll-x' }, this.chart), this.state));
    this.go(this.at);
  }

  strips(parts, rows, cpu, x, y) {
    const { drawing, states, moves } = this.facts;
    rows.forEach((shown, index) => {
      const moment = Math.min(shown.at + 1, moves.length);
      const top = y(index) - ROW / 2;
      if (drawing.eqs[moment]?.[cpu]) {
        parts.push(svg('rect', { x: x - 2, y: top, width: STRIPS.eqs, height: ROW, class: 'eqs' }, svg('title', {}, `CPU${cpu} is in the EQS`)));
      }
      const old = staleAt(states[moment], cpu);
      if (old.length > 0) {
        parts.push(svg('rect', { x: x - 2 + STRIPS.eqs, y: top, width: STRIPS.text, height: ROW, class: 'old' },
          svg('title', {}, `CPU${cpu} may still use what was there before: ${old.join(', ')}`)));
      }
    });
  }

  rowOf({ move, row, at, ends }, index, x, y, lane) {
    const words = row?.text ?? moveWords(move);
    const remark = row?.remark;
    const bad = ends && at === this.facts.moves.length;
    const text = svg('text', { x: x + 36, y: y + (remark ? -2 : 5), class: row ? 'told' : 'untold' }, clip(words, lane - 70, 7.3));
    return svg('g', { class: `move${bad ? ' bad' : ''}`, 'data-at': at, 'data-ends': ends ? 'yes' : null, role: 'listitem', onclick: () => this.go(at + 1) },
      svg('title', {}, `${words}${remark ? `\n${remark}` : ''}`),
      svg('rect', { x: x + 16, y: y - ROW / 2 + 2, width: lane - 36, height: ROW - 4, rx: 5, class: 'box' }),
      svg('circle', { cx: x + 26, cy: y, r: row ? 4.5 : 2.5, class: 'dot' }), text,
      remark ? svg('text', { x: x + 36, y: y + 12, class: 'remark' }, clip(`^ ${remark}`, lane - 70, 6)) : []);
  }

  step(way) {
    const stops = [0, ...this.rowsShown.filter((r) => !r.ends).map((r) => r.at + 1), this.facts.moves.length];
    const next = way > 0 ? stops.find((s) => s > this.at) : stops.findLast((s) => s < this.at);
    this.go(next ?? this.at);
  }

  // Shows the moment after so many moves.
  go(at) {
    const { moves, states, drawing, cpus } = this.facts;
    this.at = Math.max(0, Math.min(at, moves.length));
    this.chart.querySelectorAll('.move').forEach((g) => {
      const position = Number(g.dataset.at);
      const now = g.dataset.ends ? this.at === moves.length : position === this.at - 1;
      g.classList.toggle('now', now && !g.dataset.ends);
      g.classList.toggle('later', g.dataset.ends ? this.at < moves.length : position >= this.at);
    });
    const move = moves[this.at - 1];
    const state = states[this.at];
    const shown = [...state].filter(([name]) => !INTERNAL.test(name) && !MASK.test(name) && !STALE.test(name));
    const perCpu = (cpu) => [drawing.eqs[this.at]?.[cpu] ? 'in the EQS' : 'not in the EQS',
      masksAt(state, cpu).length > 0 ? `masked: ${masksAt(state, cpu).join(' ')}` : 'masked: nothing that changes here',
      staleAt(state, cpu).length > 0 ? `may use the old ${staleAt(state, cpu).join(', ')}` : 'nothing old'];
    this.state.replaceChildren(
      el('h3', {}, this.at === 0 ? 'Before the first move' : `After move ${this.at} of ${moves.length}`),
      move ? el('div', {}, el('b', {}, `CPU${move.cpu}: `), moveWords(move)) : null,
      move ? el('div', { class: 'soft small' }, `${move.path}${move.calls.length ? ` > ${move.calls.join(' > ')}` : ''}, ${move.file.split('/').at(-1)}:${move.line}`) : null,
      el('table', { class: 'mini' }, el('tbody', {}, cpus.map((cpu) => el('tr', {}, el('th', { scope: 'row' }, `CPU${cpu}`),
        el('td', {}, perCpu(cpu).map((line) => el('div', { class: line.startsWith('may use') ? 'is-old' : '' }, line))))))),
      el('table', { class: 'mini' }, el('tbody', {}, shown.map(([name, value]) => el('tr', { class: move?.changes[name] ? 'changed' : '' },
        el('td', { class: 'code' }, name), el('td', { class: 'num' }, move?.changes[name] ? `${move.changes[name][0]} \u2192 ${value}` : value))))));
    this.onStep?.(this.at);
  }
}

function moveWords(move) {
  const phase = { issue: ': executed', read: ': reads', write: ': takes effect', whole: '' }[move.phase] ?? '';
  return `${move.enters ? `${move.enters}: ` : ''}${move.step}${move.note ? ` (${move.note})` : ''}${phase}`;
}

function clip(text, width, perLetter) {
  const room = Math.floor(width / perLetter);
  return text.length <= room ? text : `${text.slice(0, room - 1)}\u2026`;
}

// For a kick that cannot return: who waits for whom, as the check found it where nothing goes on (race.stuck).
function waitEdges(race) {
  const edges = [];
  for (const at of race.stuck ?? []) {
    for (const awaited of at.waitsFor) {
      const is = `${awaited.variable} is ${awaited.value}`;
      if (typeof awaited.holder === 'number') edges.push({ from: at.cpu, to: awaited.holder, why: `${is}: CPU${awaited.holder} holds it` });
      for (const setter of awaited.setters) {
        if (setter.cpu === awaited.holder) continue;
        edges.push({ from: at.cpu, to: setter.cpu, why: `${is}, and only ${setter.path}: ${setter.step} of CPU${setter.cpu} would change that` });
      }
    }
  }
  return edges;
}

function cycleOf(edges) {
  const walk = (path) => {
    for (const edge of edges.filter((e) => e.from === path.at(-1))) {
      const at = path.indexOf(edge.to);
      const cycle = at >= 0 ? [...path.slice(at), edge.to] : walk([...path, edge.to]);
      if (cycle) return cycle;
    }
    return null;
  };
  for (const edge of edges) {
    const cycle = walk([edge.from]);
    if (cycle) return cycle;
  }
  return null;
}

function stuckWords(at) {
  const why = [at.looping ? 'goes round in a loop' : null, at.masked ? 'has interrupts masked' : null,
    at.pending.length ? `does not take ${at.pending.join(', ')}` : null, at.mayStay ? 'may stay as long as it likes' : null].filter(Boolean);
  return `CPU${at.cpu} stands ${at.step ? `before ${at.step} of ${at.path}` : `at ${at.path}`}${why.length ? `: it ${why.join(', it ')}` : ''}`;
}

function waits(race) {
  if (!race.stuck) return null;
  const edges = waitEdges(race);
  const cycle = cycleOf(edges);
  return el('div', { class: 'warn', id: 'waits' }, el('h3', {}, cycle ? cycle.map((cpu) => `CPU${cpu}`).join(' waits for ') : 'Who waits for whom'),
    el('ul', {}, edges.map((edge) => el('li', { class: 'edge' }, `CPU${edge.from} \u2192 CPU${edge.to}: ${edge.why}`)),
      race.stuck.map((at) => el('li', {}, stuckWords(at)))));
}
