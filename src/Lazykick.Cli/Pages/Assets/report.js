// Puts the report together: the model of what happened, selection, search and keys.

function modelOf(page, tables) {
  const shape = page.timeline;
  const { lanes, kicks, interrupts, breaks } = tables;
  const unit = page.report.trace.timeUnit;
  const scale = shape.nanosecondsPerUnit;
  const listsBy = (table, column) => {
    const lists = new Map();
    for (let i = 0; i < table.count; i++) {
      const key = table[column][i];
      if (!lists.has(key)) lists.set(key, []);
      lists.get(key).push(i);
    }
    return lists;
  };
  const longest = (table, ...columns) => {
    let most = 0;
    for (const column of columns) for (let i = 0; i < table.count; i++) most = Math.max(most, table[column][i]);
    return most;
  };
  const cpus = page.report.selection.cpus;
  const model = {
    ...tables, shape, unit, scale,
    length: Number(shape.length),
    laneOf: new Map(lanes.map((lane) => [lane.cpu, lane])),
    reported: new Set(cpus.map((cpu) => cpu.cpu)),
    noteOf: new Map(cpus.filter((cpu) => cpu.contextTracking).map((cpu) => [cpu.cpu, 'nohz_full'])),
    kicksTo: listsBy(kicks, 'target'),
    interruptsOf: listsBy(interrupts, 'cpu'),
    breaksOf: listsBy(breaks, 'cpu'),
    longestKick: longest(kicks, 'arrival', 'run'),
    longestInterrupt: longest(interrupts, 'took'),
    longestBreak: longest(breaks, 'took'),
    onlyVerdict: -1,
    offset: (time) => (time <= 0 ? 'the start' : `+${duration(time * scale, unit)}`),
    clock: (time) => (unit === 'ns' ? `${(Number(shape.originText) + (time * scale) / 1e9).toFixed(9)} s` : `${count(Math.round(time))} ${unit}`),
  };
  let cached = null;
  model.overview = (columns) => {
    if (cached?.columns === columns && cached.verdict === model.onlyVerdict) return cached;
    const values = new Uint32Array(columns * 5);
    for (let i = 0; i < kicks.count; i++) {
      if (model.onlyVerdict >= 0 && kicks.verdict[i] !== model.onlyVerdict) continue;
      const column = Math.max(0, Math.min(columns - 1, Math.floor((kicks.time[i] / model.length) * columns)));
      values[column * 5 + kicks.verdict[i]]++;
    }
    let most = 0;
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let v = 0; v < 5; v++) sum += values[c * 5 + v];
      most = Math.max(most, sum);
    }
    cached = { columns, values, most, verdict: model.onlyVerdict };
    return cached;
  };
  return model;
}

class Report {
  constructor(page, model) {
    this.page = page;
    this.model = model;
    this.view = new View(model, new Lanes(byId('lanes'), model));
    this.view.describe = (found) => this.linesOf(found);
    this.view.onPick = (found) => this.pick(found);
  }

  start() {
    const { page, model, view } = this;
    const { report } = page;
    showHead(page, model.unit);
    showLegend();
    const go = (at) => this.goWorst(at);
    const search = (text) => { byId('search').value = text; this.search(); this.step(1); byId('timeline-title').scrollIntoView(); };
    showWorst(report, model.unit, go);
    showCauses(report, model.unit, search);
    showCpus(report, model);
    showHistogram(model, (i) => this.goBreak(i));
    showOverTime(model, view);
    showSchemes(report, model.unit);
    showSenders(report, model.unit, search);
    this.choices();
    this.buttons();
    byId('theme-place').append(themeButton());
    view.place(this.cpusOf(byId('which').value));
    this.fromAddress();
    view.onView = () => this.toAddress();
  }

  // What is shown is in the address: a link to it shows the same.
  fromAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has('theme')) setTheme(asked.get('theme') === 'dark' ? 'dark' : 'light');
    if (asked.has('search')) { byId('search').value = asked.get('search'); this.search(); }
    if (asked.has('from')) this.view.show(Number(asked.get('from')), Number(asked.get('to')));
    if (asked.has('worst')) this.goWorst(Number(asked.get('worst')) - 1);
  }

  toAddress() {
    clearTimeout(this.addressTimer);
    this.addressTimer = setTimeout(() => {
      const { from, to } = this.view.view;
      const search = byId('search').value;
      history.replaceState(null, '', `#from=${Math.round(from)}&to=${Math.round(to)}${search ? `&search=${encodeURIComponent(search)}` : ''}`);
    }, 300);
  }

  choices() {
    const { model } = this;
    const all = this.cpusOf('all');
    const busy = this.cpusOf('busy');
    const which = byId('which');
    which.append(el('option', { value: 'busy' }, `with breaks or kicks (${busy.length})`), el('option', { value: 'all' }, `all (${all.length})`),
      ...all.map((cpu) => el('option', { value: cpu }, `CPU ${cpu} and its senders`)));
    which.value = busy.length > 0 && busy.length < all.length ? 'busy' : 'all';
    which.onchange = () => this.view.place(this.cpusOf(which.value));
    const verdict = byId('verdict');
    verdict.append(el('option', { value: -1 }, 'all'), ...VERDICTS.map((v) => el('option', { value: VERDICT_OF[v] }, VERDICT_WORDS[VERDICT_OF[v]])));
    verdict.onchange = () => { model.onlyVerdict = Number(verdict.value); this.view.later(); };
  }

  cpusOf(which) {
    const { kicks, lanes, laneOf, reported, kicksTo, breaksOf } = this.model;
    const all = new Set([...lanes.map((lane) => lane.cpu), ...reported]);
    if (which === 'all') return [...all].sort((a, b) => a - b);
    const targets = which === 'busy' ? [...all].filter((cpu) => kicksTo.has(cpu) || breaksOf.has(cpu)) : [Number(which)];
    const senders = new Set();
    for (const cpu of targets) for (const i of kicksTo.get(cpu) ?? []) if (laneOf.has(kicks.sender[i])) senders.add(kicks.sender[i]);
    return [...new Set([...targets, ...senders])].sort((a, b) => a - b);
  }

  buttons() {
    const { view } = this;
    byId('zoom-in').onclick = () => view.zoom(0.5);
    byId('zoom-out').onclick = () => view.zoom(2);
    byId('pan-left').onclick = () => view.move(-0.4);
    byId('pan-right').onclick = () => view.move(0.4);
    byId('zoom-all').onclick = () => view.showAll();
    byId('next').onclick = () => this.step(1);
    byId('previous').onclick = () => this.step(-1);
    byId('search').oninput = () => this.search();
    byId('search').onkeydown = (event) => { if (event.key === 'Enter') this.step(event.shiftKey ? -1 : 1); };
    byId('help-open').onclick = () => byId('help').showModal();
    document.addEventListener('keydown', (event) => this.key(event));
  }

  key(event) {
    if (event.key === 'Escape') { this.clear(); event.target.blur?.(); return; }
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || byId('help').open) return;
    const { view } = this;
    const actions = {
      '+': () => view.zoom(0.5), '=': () => view.zoom(0.5), '-': () => view.zoom(2), w: () => view.zoom(0.5), s: () => view.zoom(2),
      ArrowLeft: () => view.move(-0.2), ArrowRight: () => view.move(0.2), a: () => view.move(-0.2), d: () => view.move(0.2),
      0: () => view.showAll(), n: () => this.step(1), p: () => this.step(-1), '/': () => byId('search').focus(),
      t: () => byId('theme').click(), '?': () => byId('help').showModal(),
    };
    const action = actions[event.key] ?? (/^[1-9]$/.test(event.key) ? () => this.goWorst(Number(event.key) - 1) : null);
    if (!action) return;
    event.preventDefault();
    action();
  }

  clear() {
    byId('search').value = '';
    this.view.selection = null;
    this.search();
  }

  // Marks kicks and breaks whose function, call, task, class, device or cause has the text.
  search() {
    const text = byId('search').value.trim().toLowerCase();
    const { model, view } = this;
    const { kicks, breaks, shape } = model;
    byId('matches').textContent = '';
    view.matches = null;
    if (text) {
      const has = (list) => list.map((name) => name.toLowerCase().includes(text));
      const names = has(shape.names).map((yes, at) => yes || (shape.classes[at] !== '' && shape.classes[at].toLowerCase().includes(text)));
      const tasks = has(shape.tasks);
      const causes = has(CAUSE_WORDS);
      const devices = new Map(Object.entries(shape.devices).map(([irq, name]) => [Number(irq), name.toLowerCase().includes(text)]));
      const matches = { kicks: new Uint8Array(kicks.count), breaks: new Uint8Array(breaks.count) };
      const found = [];
      for (let i = 0; i < kicks.count; i++) {
        if (names[kicks.name[i]] || names[kicks.site[i]] || tasks[kicks.task[i]] || (causes[kicks.vector[i]] && !kicks.name[i])) {
          matches.kicks[i] = 1;
          found.push({ kick: i, time: kicks.time[i] });
        }
      }
      const number = found.length;
      for (let i = 0; i < breaks.count; i++) {
        if (names[breaks.name[i]] || tasks[breaks.task[i]] || (!breaks.name[i] && causes[breaks.cause[i]]) || devices.get(breaks.irq[i] - 1)) {
          matches.breaks[i] = 1;
          found.push({ break: i, time: breaks.time[i] });
        }
      }
      byId('matches').textContent = `${count(number)} kicks, ${count(found.length - number)} breaks`;
      matches.found = found.sort((a, b) => a.time - b.time);
      matches.at = -1;
      view.matches = matches;
    }
    view.later();
  }

  step(way) {
    const { matches } = this.view;
    if (!matches || matches.found.length === 0) return;
    const total = matches.found.length;
    matches.at = matches.at < 0 ? (way > 0 ? 0 : total - 1) : (matches.at + way + total) % total;
    const match = matches.found[matches.at];
    byId('matches').textContent = byId('matches').textContent.replace(/^(\d[\d,]* of [\d,]*: )?/, `${count(matches.at + 1)} of ${count(total)}: `);
    if (match.kick !== undefined) this.goKick(match.kick);
    else this.goBreak(match.break);
  }

  goKick(i) {
    const { kicks } = this.model;
    const end = kicks.time[i] + Math.max(kicks.arrival[i], kicks.run[i], 1) - 1;
    this.reach(kicks.time[i], end);
    this.pick({ kick: i });
  }

  goBreak(i) {
    const { breaks } = this.model;
    this.reach(breaks.time[i], breaks.time[i] + breaks.took[i]);
    this.pick({ break: i });
  }

  goWorst(at) {
    const worst = this.page.report.worstBreaks[at];
    if (!worst) return;
    const { breaks, shape } = this.model;
    // The document has microseconds, the timeline the clock's own units: the longest of that CPU at that point.
    let best = -1;
    for (const i of this.model.breaksOf.get(worst.cpu) ?? []) {
      const same = Math.abs(breaks.took[i] * this.model.scale - worst.duration) < 1;
      const point = this.model.unit === 'ns'
        ? Math.abs(Number(shape.originText) * 1e9 + breaks.time[i] * this.model.scale - Number(worst.start) * 1e9) < 5000
        : Number(shape.origin) + breaks.time[i] === Number(worst.start);
      if (same && point) best = i;
    }
    document.querySelectorAll('[data-worst]').forEach((row) => row.classList.toggle('on', Number(row.dataset.worst) === at));
    if (best < 0) return;
    this.goBreak(best);
    byId('timeline-title').scrollIntoView({ block: 'start' });
  }

  // Brings a part into view with room around it.
  reach(from, to) {
    const room = Math.max((to - from) * 1.5, 2000 / this.model.scale);
    this.view.show(from - room, to + room);
  }

  pick(found) {
    const { model, view } = this;
    const details = byId('details');
    view.selection = null;
    if (!found) {
      details.replaceChildren(el('span', { class: 'soft' }, 'Nothing there.'));
    } else if (found.kick !== undefined) {
      const { kicks } = model;
      const i = found.kick;
      const end = kicks.time[i] + Math.max(kicks.arrival[i], kicks.run[i], 1) - 1;
      view.selection = { from: kicks.time[i], to: end, cpu: kicks.target[i], kick: i };
      details.replaceChildren(...this.kickDetails(i));
    } else {
      const lines = this.linesOf(found);
      if (found.break !== undefined) {
        const { breaks } = model;
        const i = found.break;
        view.selection = { from: breaks.time[i], to: breaks.time[i] + breaks.took[i], cpu: breaks.cpu[i] };
      } else if (found.interrupt !== undefined) {
        const { interrupts } = model;
        const i = found.interrupt;
        view.selection = { from: interrupts.time[i], to: interrupts.time[i] + interrupts.took[i] - 1, cpu: interrupts.cpu[i] };
      } else {
        const { lane } = found.row;
        view.selection = { from: lane.bounds[found.stretch], to: lane.bounds[found.stretch + 1], cpu: lane.cpu };
      }
      details.replaceChildren(el('h3', {}, lines[0]), ...lines.slice(1).map((line) => el('div', {}, line)));
    }
    view.later();
  }

  // What a thing is, a line each; the first is its name.
  linesOf(found) {
    if (!found) return null;
    const { model } = this;
    const { shape, scale, unit } = model;
    const time = (t) => duration(t * scale, unit);
    if (found.kick !== undefined) {
      const { kicks } = model;
      const i = found.kick;
      const seen = kicks.arrival[i];
      return [`${this.nameOf(kicks.name[i], kicks.vector[i])} from CPU ${kicks.sender[i]} to CPU ${kicks.target[i]}: ${VERDICT_WORDS[kicks.verdict[i]]}`,
        shape.tasks[kicks.task[i]] ? `asked by ${shape.tasks[kicks.task[i]]}${kicks.site[i] ? ` at ${shape.names[kicks.site[i]]}` : ''}` : 'the sender is not in the trace',
        seen ? `arrived after ${time(seen - 1)}, hit ${STATE_WORDS[kicks.hit[i] - 1] ?? 'what is not known'}` : 'no interrupt of its own was seen to arrive'];
    }
    if (found.break !== undefined) {
      const { breaks } = model;
      const i = found.break;
      const lines = [`CPU ${breaks.cpu[i]} lost ${time(breaks.took[i])} of ${STATE_WORDS[breaks.of[i]]}`,
        `first came: ${breaks.irq[i] ? this.deviceOf(breaks.irq[i]) : CAUSE_WORDS[breaks.cause[i]]}, at ${model.clock(breaks.time[i])}`];
      if (breaks.name[i] || breaks.task[i]) lines.push(`${shape.names[breaks.name[i]] || 'sent'} by ${shape.tasks[breaks.task[i]] || 'a task that is not in the trace'}${breaks.site[i] ? ` at ${shape.names[breaks.site[i]]}` : ''}`);
      const cure = this.page.report.breakCauses.find((c) => (c.function ?? '') === shape.names[breaks.name[i]] && causeWord(c.cause) === CAUSE_WORDS[breaks.cause[i]])?.cure;
      if (cure) lines.push(`Cure: ${cure}`);
      return lines;
    }
    if (found.interrupt !== undefined) {
      const { interrupts } = model;
      const i = found.interrupt;
      return [`${interrupts.irq[i] ? this.deviceOf(interrupts.irq[i]) : CAUSE_WORDS[interrupts.cause[i]]} on CPU ${interrupts.cpu[i]}`,
        `${interrupts.took[i] > 1 ? `ran ${time(interrupts.took[i] - 1)}` : 'its end is not in the trace'}, hit ${STATE_WORDS[interrupts.hit[i]]}`,
        `at ${model.clock(interrupts.time[i])}`];
    }
    const { lane } = found.row;
    const [from, to] = [lane.bounds[found.stretch], lane.bounds[found.stretch + 1]];
    const lines = [`CPU ${lane.cpu}: ${STATE_WORDS[lane.states[found.stretch]]} for ${time(to - from)}`, `from ${model.clock(from)}`];
    const broken = this.breakAt(lane.cpu, found.time);
    if (broken >= 0) lines.push(...this.linesOf({ break: broken }));
    return lines;
  }

  kickDetails(i) {
    const { kicks, shape, scale, unit } = { ...this.model };
    const time = (t) => duration(t * scale, unit);
    const facts = [
      ['asked', `${this.model.clock(kicks.time[i])} by ${shape.tasks[kicks.task[i]] || 'a task that is not in the trace'}${ownMark(shape.tasks[kicks.task[i]])} on CPU ${kicks.sender[i]}`],
      ['call', shape.names[kicks.site[i]] || 'not in the trace'],
      ['class', shape.classes[kicks.name[i]] || 'not in the table of functions'],
      ['went', { unknown: 'not known', interrupt: 'by an interrupt of its own', coalesced: "on another kick's interrupt", withoutInterrupt: 'without an interrupt' }[shape.deliveries[kicks.delivery[i]]]],
      ['target when asked', STATE_WORDS[kicks.asked[i]]],
      ['arrived', kicks.arrival[i] ? `after ${time(kicks.arrival[i] - 1)}, hit ${STATE_WORDS[kicks.hit[i] - 1] ?? 'what is not known'}` : 'not seen'],
      ['ran', kicks.run[i] ? `after ${time(kicks.run[i] - 1)}${kicks.took[i] ? `, for ${time(kicks.took[i] - 1)}` : ''}` : 'not seen'],
    ];
    return [el('h3', {}, el('span', { class: 'code' }, this.nameOf(kicks.name[i], kicks.vector[i])), ` to CPU ${kicks.target[i]}: `,
      el('span', { class: 'verdict', style: { color: `var(--${VERDICT_COLOURS[kicks.verdict[i]]})` } }, VERDICT_WORDS[kicks.verdict[i]])),
    el('dl', { class: 'facts-list' }, facts.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)]))];
  }

  breakAt(cpu, time) {
    const list = this.model.breaksOf.get(cpu);
    if (!list) return -1;
    const { breaks } = this.model;
    for (let at = firstOf(list, breaks.time, time - this.model.longestBreak); at < list.length && breaks.time[list[at]] <= time; at++) {
      if (breaks.time[list[at]] + breaks.took[list[at]] >= time) return list[at];
    }
    return -1;
  }

  nameOf(name, vector) { return this.model.shape.names[name] || CAUSE_WORDS[vector]; }

  deviceOf(irq) { return this.model.shape.devices[irq - 1] ?? `device interrupt ${irq - 1}`; }
}

(async () => {
  const page = dataOf('report');
  const report = new Report(page, modelOf(page, await readTimeline(page.timeline)));
  report.start();
  window.lazykick = report;
  document.documentElement.dataset.ready = 'yes';
})().catch((error) => {
  byId('headlines').replaceChildren(el('p', { class: 'warn' }, `This page cannot be drawn: ${error.message}`));
  document.documentElement.dataset.ready = 'failed';
  throw error;
});
