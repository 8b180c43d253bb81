// The page of a check: verdicts, races, windows, and the scheme with other knobs beside it.

const VERDICT_TEXT = { holds: 'holds', violated: 'VIOLATED', notChecked: 'not checked', undecided: 'undecided' };

function answerSentence({ check }) {
  const scope = `${check.cpus.length} CPUs, memory ${check.memory}`;
  const asked = check.asked.join(', ');
  switch (check.answer) {
    case 'holds':
      return ['HOLDS', `${check.scheme} keeps ${asked} in everything that it can do with ${scope}: ${count(check.states)} states, all explored.`];
    case 'broken':
      return ['BROKEN', `${check.scheme} breaks ${check.reasons.join(', ')} (${scope}).`];
    case 'gaveUp':
      return ['NOT SHOWN', `The search of ${check.scheme} ended at a limit after ${count(check.states)} states (${scope}): nothing is shown of ${asked}.`];
    default:
      return ['NOT SHOWN', `${check.scheme}: ${check.reasons.join('; ')} (${scope}).`];
  }
}

function changedKnobs(one) {
  return one.command.split(' --set ').slice(1).join(', ');
}

function answerBlock(one, label) {
  const [word, sentence] = answerSentence(one);
  const { check } = one;
  return el('div', { class: `answer ${check.answer}` },
    label ? el('div', { class: 'soft' }, label) : null,
    el('p', { class: 'lead' }, el('b', { class: 'word' }, word), ' ', sentence),
    el('div', { class: 'soft code' }, one.command));
}

function verdictTable(one, choose) {
  const { check } = one;
  const rows = check.properties.map((p) => el('tr', { 'data-property': p.name },
    el('td', {}, one.drawings[p.name]
      ? el('button', { class: 'plain', type: 'button', onclick: () => choose(p.name) }, p.name) : p.name),
    el('td', { class: `verdict v-${p.verdict}` }, VERDICT_TEXT[p.verdict]),
    numberCell(p.length === undefined || p.length === null ? '' : `${p.length} moves`),
    cell(`${one.sentences[p.name] ?? ''}${p.promised ? '' : ' (not promised)'}`)));
  return tableOf(['property', 'verdict', '#shortest race', 'what it says'], rows);
}

// Each path as a strip: a cell for each step that some CPU reached.
function windows(one) {
  const { check } = one;
  const why = check.notChecked['S1.windows'];
  if (why) return el('p', { class: 'soft' }, `Not looked for: ${why}.`);
  const paths = new Map();
  for (const position of check.positions.filter((p) => p.visited)) {
    const key = `${position.path} (${position.role})`;
    paths.set(key, [...(paths.get(key) ?? []), position]);
  }
  const visited = check.positions.filter((p) => p.visited);
  const stale = visited.filter((p) => p.mayRunStale).length;
  const head = stale === 0
    ? (check.exhaustive ? 'No window: text at every position that is reached is new once the kick has returned.' : 'None so far; the search is not finished.')
    : `At ${check.exhaustive ? '' : 'least '}${stale} of ${visited.length} positions text may be old after the kick; it must not be patched.`;
  const rows = [...paths].map(([name, positions]) => el('div', { class: 'path' }, el('div', { class: 'path-name code' }, name),
    el('div', { class: 'cells' }, positions.map((p) => el('i', {
      class: `${p.mayRunStale ? 'stale' : 'fresh'}${p.mayBeInEqs ? ' in-eqs' : ''}`, tabindex: -1,
      title: `${p.step || 'the place itself'}${p.calls.length ? ` [${p.calls.at(-1)}]` : ''}\n${p.file.split('/').at(-1)}:${p.line}\n${p.mayRunStale ? 'text may be old' : 'text is new'}${p.mayBeInEqs ? ', may be in the EQS' : ''}` })))));
  return [el('p', {}, head), el('div', { class: 'legend' }, el('span', {}, el('i', { class: 'cell stale' }), 'text may be old'),
    el('span', {}, el('i', { class: 'cell fresh' }), 'text is new'), el('span', {}, el('i', { class: 'cell fresh in-eqs' }), 'underlined: the CPU may be in the EQS'),
    el('span', {}, 'Time along a path goes to the right; point at a cell for its step.')), rows];
}

function mailText(drawing) {
  const pre = el('pre', { class: 'mail', tabindex: 0 }, drawing.text);
  const select = () => { const range = document.createRange(); range.selectNodeContents(pre); getSelection().removeAllRanges(); getSelection().addRange(range); };
  return el('details', {}, el('summary', {}, 'As text, for a mail'), el('div', { class: 'bar' }, el('button', { type: 'button', onclick: select }, 'Select')), pre);
}

// Between a property and the number of a race of another kind (--another).
const ANOTHER = ' another ';

class CheckView {
  constructor(one) {
    this.one = one;
    this.views = new Map();
    this.place = el('div', {});
    const names = Object.keys(one.drawings);
    const promised = names.find((name) => one.check.properties.find((p) => p.name === name)?.promised);
    this.current = promised ?? names[0];
    this.element = el('div', {}, ...this.parts());
    this.choose(this.current);
  }

  parts() {
    const { one } = this;
    const { twin, check } = one;
    const pair = (left, right) => (twin ? el('div', { class: 'pair' }, el('div', {}, left), el('div', {}, right)) : left);
    const list = (title, lines) => (lines.length === 0 ? null : el('details', {}, el('summary', {}, `${title} (${lines.length})`), el('ul', {}, lines.map((line) => el('li', {}, line)))));
    return [
      pair(answerBlock(one, twin ? 'As it is' : null), twin ? answerBlock(twin, `With ${changedKnobs(twin)}`) : null),
      el('h2', {}, 'Verdicts'),
      pair(verdictTable(one, (name) => this.choose(name)), twin ? verdictTable(twin, (name) => this.choose(name, true)) : null),
      list('Not explored; --set switches it on', check.notExplored), list('It rests on these assumptions', check.assumptions),
      list('Look at', check.remarks), list('Not checked', Object.entries(check.notChecked).map(([name, why]) => `${name}: ${why}`)),
      el('div', { id: 'race' }, this.place),
      el('h2', {}, 'Windows'),
      pair(windows(one), twin ? windows(twin) : null),
    ];
  }

  choose(name, ofTwin = false) {
    const one = ofTwin ? this.one.twin : this.one;
    const drawing = one?.drawings[name];
    if (!drawing) {
      this.place.replaceChildren(el('h2', {}, 'Race'), el('p', { class: 'soft' }, 'No property is violated: there is no race to draw.'));
      this.race = null;
      return;
    }
    const [which, nth] = name.split(ANOTHER);
    const property = nth ? one.check.others[Number(nth) - 1] : one.check.properties.find((p) => p.name === name);
    const key = `${ofTwin}${name}`;
    if (!this.views.has(key)) this.views.set(key, new RaceView(one.check, which, property.race, drawing));
    this.race = this.views.get(key);
    const names = Object.keys(one.drawings);
    this.place.replaceChildren(...[
      el('h2', {}, `${which}${nth ? ' of another kind' : ''} in ${property.length} moves${ofTwin ? `, with ${changedKnobs(one)}` : ''}`),
      el('p', {}, `${which} says: ${one.sentences[which] || 'what the scheme asserts under this name'}. This is a shortest way to break it${nth ? ' of those that end otherwise' : ''}.`),
      waits(property.race),
      names.length > 1 ? el('div', { class: 'bar', role: 'tablist' }, names.map((other) => el('button', { type: 'button', role: 'tab',
        'aria-selected': String(other === name), onclick: () => this.choose(other, ofTwin) }, other))) : null,
      this.race.element, mailText(drawing)].filter(Boolean));
  }
}

const page = dataOf('check');
let view = null;

function show(at) {
  view = new CheckView(page.checks[at]);
  window.lazykick = view;
  const { check } = page.checks[at];
  byId('title').textContent = `${check.scheme}: ${check.title}`;
  byId('facts').replaceChildren(...[`memory ${check.memory}`, check.cpus.map((role, cpu) => `CPU${cpu} ${role}`).join(', '),
    `${count(check.states)} states`, `${count(check.moves)} moves`, check.exhaustive ? 'exhaustive' : 'NOT exhaustive',
    check.inFlight ? `up to ${check.inFlight} accesses in flight` : null].filter(Boolean).map((fact) => el('span', {}, fact)));
  byId('main').replaceChildren(view.element);
  byId('schemes').replaceChildren(...(page.checks.length > 1 ? page.checks.map((one, other) =>
    el('button', { type: 'button', 'aria-pressed': String(other === at), onclick: () => show(other) }, one.check.scheme)) : []));
}

document.addEventListener('keydown', (event) => {
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || byId('help').open) return;
  const race = view?.race;
  const actions = {
    ArrowDown: () => race?.step(1), ArrowRight: () => race?.step(1), ArrowUp: () => race?.step(-1), ArrowLeft: () => race?.step(-1),
    Home: () => race?.go(0), End: () => race?.go(race.facts.moves.length),
    t: () => byId('theme').click(), '?': () => byId('help').showModal(),
  };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});
byId('help-open').onclick = () => byId('help').showModal();
byId('theme-place').append(themeButton());
const asked = new URLSearchParams(location.hash.slice(1));
if (asked.has('theme')) setTheme(asked.get('theme') === 'dark' ? 'dark' : 'light');
show(0);
if (asked.has('property')) view.choose(asked.get('property'));
if (asked.has('move')) view.race?.go(Number(asked.get('move')));
document.documentElement.dataset.ready = 'yes';
