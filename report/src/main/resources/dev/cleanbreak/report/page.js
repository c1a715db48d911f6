'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const ROWS = 8; // of a ranking, before it is unfolded
  const STORIES = 30; // shown at first, and more with each press of the button
  const BARS = 60;
  const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5,
    18e5, 36e5, 72e5, 144e5, 216e5, 432e5, 864e5, 6048e5];
  const FAMILIES = {
    person: 'somebody in the JVM', limit: 'a limit of the call', network: 'peer or network',
    orderly: 'orderly close', unknown: 'not known'
  };
  const $ = id => document.getElementById(id);

  // ---- small makers

  /** Makes an element. Text is always set as text: nothing of a recording is ever read as HTML. */
  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
      else if (name === 'style') made.style.cssText = value;
      else if (value === true) made.setAttribute(name, '');
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter(child => child != null && child !== false && child !== ''));
    return made;
  }

  const number = n => n.toLocaleString('en');
  const plural = (n, one, many = one + 's') => number(n) + ' ' + (n === 1 ? one : many);

  function duration(nanos) {
    const units = [['µs', 1e3], ['ms', 1e6], ['s', 1e9], ['min', 60e9], ['h', 3600e9]];
    const [unit, size] = units.findLast(([, least]) => nanos >= least) ?? units[0];
    const value = nanos / size;
    return (value >= 100 ? Math.round(value) : Number(value.toPrecision(2))) + ' ' + unit;
  }

  const day = millis => new Date(millis).toISOString().slice(0, 10);
  const clock = (millis, digits = 0) => new Date(millis).toISOString().slice(11, digits ? 20 + digits : 19);

  // ---- what is derived of each cut, once

  const JDK = /^(java|javax|jdk|sun|com\.sun)\./;
  const withoutModule = frame => frame.replace(/^[^(]*\//, '');
  const isJdk = frame => JDK.test(withoutModule(frame));
  const methodOf = frame => withoutModule(frame).replace(/\(.*$/, '');
  const shortName = name => name.split('.').slice(-2).join('.');
  const stackOf = part => part?.stack == null ? [] : data.stacks[part.stack];
  /** worker-17 and worker-18 are one kind of thread. */
  const threadKind = thread => thread ? (thread.name || (thread.virtual ? '(virtual thread)' : '(no name)')).replace(/\d+/g, '*') : '(not known)';

  const verdictOf = id => data.verdicts[id] ?? { label: id, family: 'unknown' };
  const familyOf = cut => cut.expected ? 'orderly' : verdictOf(cut.verdict).family;

  for (const [index, cut] of data.cuts.entries()) {
    const code = (cut.chain ?? []).map(link => link.code).find(each => each);
    const stack = stackOf(cut.victim);
    const place = stack.find(frame => !isJdk(frame)) ?? stack.at(-1);
    const nobody = verdictOf(cut.verdict).label;
    cut.index = index;
    cut.millis = Date.parse(cut.time);
    cut.code = code;
    cut.jar = code ? code.jar || '(no jar)' : '— ' + nobody;
    cut.site = code ? code.class + '.' + code.method + (code.line > 0 ? ':' + code.line : '') : '— ' + nobody;
    cut.place = place ? methodOf(place) : '(no stack)';
    cut.thread = threadKind(cut.victim?.thread);
    cut.remote = cut.victim?.remote?.replace(/^[^/]*\//, '') ?? '(no address)';
    cut.exception = cut.victim?.exception ?? '(none)';
    cut.group = [cut.verdict, cut.expected, cut.site, cut.place, cut.exception, cut.jvm].join('\n');
    cut.words = [cut.sentence, cut.verdict, cut.site, cut.jar, code?.coordinates, cut.place, cut.remote, cut.exception,
      cut.victim?.message, cut.victim?.thread?.name, cut.victim?.local, cut.evidence,
      (cut.chain ?? []).map(link => [link.act, link.thread?.name, link.origin?.jar, link.origin?.coordinates, stackOf(link)]), stack].flat(9).join('\n').toLowerCase();
  }
  data.cuts.sort((a, b) => b.millis - a.millis || b.index - a.index);

  // ---- the filter, kept in the address so that a view can be sent to somebody

  const KEYS = { verdict: 'verdict', jar: 'jar', site: 'call site', place: 'victim', thread: 'thread', remote: 'remote', exception: 'exception' };
  let filter = fromAddress();
  let victimsBy = 'place';
  let shown = STORIES;
  const unfolded = new Set();

  function fromAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    const read = Object.fromEntries(given);
    return {
      ...read,
      expected: read.expected === '1' || data.cuts.every(cut => cut.expected),
      from: read.from ? Number(read.from) : null,
      to: read.to ? Number(read.to) : null
    };
  }

  function toAddress() {
    const kept = Object.entries({ ...filter, expected: filter.expected ? '1' : '' }).filter(([, value]) => value !== '' && value != null);
    history.replaceState(null, '', '#' + new URLSearchParams(kept));
  }

  function passes(cut, except) {
    if (!filter.expected && cut.expected) return false;
    if (filter.jvm && except !== 'jvm' && String(cut.jvm) !== filter.jvm) return false;
    for (const key of Object.keys(KEYS)) {
      if (filter[key] && except !== key && cut[key] !== filter[key]) return false;
    }
    if (filter.from != null && except !== 'time' && (cut.millis < filter.from || cut.millis >= filter.to)) return false;
    return !filter.text || filter.text.toLowerCase().split(/\s+/).every(word => cut.words.includes(word));
  }

  function set(change) {
    filter = { ...filter, ...change };
    shown = STORIES;
    toAddress();
    draw();
  }

  const toggle = (key, value) => set({ [key]: filter[key] === value ? '' : value });

  // ---- the parts of the page

  function count(cuts, key) {
    const counts = new Map();
    for (const cut of cuts) {
      const entry = counts.get(cut[key]) ?? { name: cut[key], n: 0, cut };
      entry.n++;
      counts.set(cut[key], entry);
    }
    return [...counts.values()].sort((a, b) => b.n - a.n || a.name.localeCompare(b.name));
  }

  function codeWords(code) {
    if (!code) return '';
    const candidates = code.coordinates ?? [];
    if (candidates.length > 1) return 'one of ' + candidates.join(', ') + ' (a shaded jar)';
    return candidates[0] ?? (code.version ? 'version ' + code.version : '');
  }

  /** A table of counts; a row is a button that filters by it. */
  function ranking(key, heading, words) {
    const cuts = data.cuts.filter(cut => passes(cut, key));
    const entries = count(cuts, key);
    if (!entries.length) return [el('p', { class: 'quiet' }, 'None.')];
    const rows = unfolded.has(key) ? entries : entries.slice(0, ROWS);
    const table = el('table', { class: 'rank' },
      el('caption', {}, heading + ', most first'),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, heading), el('th', { scope: 'col', class: 'n' }, 'cuts'))),
      el('tbody', {}, rows.map(entry => el('tr', {},
        el('td', {}, el('button', {
          type: 'button', class: familyOf(entry.cut), 'aria-pressed': String(filter[key] === entry.name),
          'data-key': key, 'data-name': entry.name,
          style: '--share:' + (100 * entry.n / entries[0].n).toFixed(1) + '%',
          onclick: () => toggle(key, entry.name)
        }, words(entry))),
        el('td', { class: 'n' }, number(entry.n), el('small', {}, percent(entry.n, cuts.length)))))));
    const more = entries.length > ROWS && el('button', {
      type: 'button', class: 'fold', 'aria-expanded': String(unfolded.has(key)),
      onclick: () => { unfolded.has(key) ? unfolded.delete(key) : unfolded.add(key); draw(); }
    }, unfolded.has(key) ? 'Fewer' : `All ${number(entries.length)}`);
    return [table, more];
  }

  function percent(n, all) {
    const share = 100 * n / all;
    return share < 1 ? '< 1 %' : share > 99 && n < all ? '> 99 %' : Math.round(share) + ' %';
  }

  function drawLead(cuts) {
    const lead = $('lead');
    if (!cuts.length) {
      lead.replaceChildren(data.cuts.length ? 'Nothing that the filters let through.' : 'No call was cut while this was recorded.');
      return;
    }
    const [top] = count(cuts.filter(cut => cut.code), 'site');
    if (!top) {
      const [verdict] = count(cuts, 'verdict');
      lead.replaceChildren('Nobody inside these JVMs cut a call: most were ', el('b', {}, verdictOf(verdict.name).label), ` (${number(verdict.n)} of ${number(cuts.length)}).`);
      return;
    }
    const { code } = top.cut;
    const words = codeWords(code);
    lead.replaceChildren(el('b', {}, shortName(code.class + '.' + code.method)), code.jar ? ' in ' + code.jar : '',
      words ? ' (' + words + ')' : '',
      top.n === cuts.length ? (top.n === 1 ? ' made the only cut.' : ` made all ${number(top.n)} cuts.`) : ` made ${number(top.n)} of ${number(cuts.length)} cuts.`);
  }

  function drawChips() {
    const chips = Object.keys(KEYS).filter(key => filter[key] && key !== 'verdict').map(key => [KEYS[key] + ': ' + filter[key], { [key]: '' }]);
    if (filter.from != null) chips.push([`time: ${clock(filter.from, 3)} to ${clock(filter.to, 3)}`, { from: null, to: null }]);
    const buttons = chips.map(([text, change]) =>
      el('button', { type: 'button', onclick: () => set(change), 'aria-label': 'Remove the filter ' + text }, text + ' ×'));
    if (buttons.length || filter.text || filter.verdict || filter.jvm) {
      buttons.push(el('button', { type: 'button', id: 'reset', onclick: reset }, 'Remove all filters'));
    }
    $('chips').replaceChildren(...buttons);
  }

  function reset() {
    filter = { expected: filter.expected, from: null, to: null };
    $('text').value = '';
    set({});
    $('text').focus();
  }

  let barInFocus = 0;

  function drawTimeline() {
    const cuts = data.cuts.filter(cut => passes(cut, 'time'));
    const timeline = $('timeline');
    const focused = timeline.contains(document.activeElement);
    if (!cuts.length) {
      timeline.replaceChildren();
      $('axis').replaceChildren();
      $('legend').replaceChildren();
      return;
    }
    const last = cuts[0].millis;
    const first = cuts.at(-1).millis;
    const step = STEPS.find(each => (last - first) / each < BARS - 1) ?? Math.ceil((last - first) / BARS);
    const begin = Math.floor(first / step) * step;
    const bars = Array.from({ length: Math.max(12, Math.floor((last - begin) / step) + 1) }, () => ({ n: 0, by: {} }));
    for (const cut of cuts) {
      const bar = bars[Math.floor((cut.millis - begin) / step)];
      bar.n++;
      bar.by[familyOf(cut)] = (bar.by[familyOf(cut)] ?? 0) + 1;
    }
    const most = Math.max(...bars.map(bar => bar.n));
    const present = Object.keys(FAMILIES).filter(family => bars.some(bar => bar.by[family]));
    barInFocus = Math.min(barInFocus, bars.length - 1);
    timeline.replaceChildren(...bars.map((bar, i) => {
      const from = begin + i * step;
      const pressed = filter.from === from && filter.to === from + step;
      return el('button', {
        type: 'button', tabindex: i === barInFocus ? 0 : -1, 'aria-pressed': String(pressed),
        title: `${clock(from, step < 1e3 ? 3 : 0)} UTC: ${plural(bar.n, 'cut')}`,
        'aria-label': `${clock(from, step < 1e3 ? 3 : 0)} UTC, ${duration(step * 1e6)}: ${plural(bar.n, 'cut')}`,
        onclick: () => { barInFocus = i; set(pressed ? { from: null, to: null } : { from, to: from + step }); }
      }, present.map(family => bar.by[family] &&
        el('i', { class: family, style: `height:${(100 * bar.by[family] / most).toFixed(1)}%` })));
    }));
    if (focused) timeline.children[barInFocus].focus();
    const end = begin + bars.length * step;
    const label = millis => (day(begin) === day(end) ? '' : day(millis) + ' ') + clock(millis, step < 1e3 ? 3 : 0);
    $('axis').replaceChildren(el('span', {}, label(begin)), el('span', {}, `most in a bar: ${number(most)}`), el('span', {}, label(end) + ' UTC'));
    $('legend').replaceChildren(...present.map(family => el('span', {}, el('span', { class: 'dot ' + family }), FAMILIES[family])),
      el('span', {}, `a bar is ${duration(step * 1e6)}`));
  }

  $('timeline').addEventListener('keydown', event => {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!move) return;
    event.preventDefault();
    const bars = $('timeline').children;
    barInFocus = Math.max(0, Math.min(bars.length - 1, barInFocus + move));
    [...bars].forEach((bar, i) => { bar.tabIndex = i === barInFocus ? 0 : -1; });
    bars[barInFocus].focus();
  });

  // ---- the stories: cuts that are alike, the newest in front

  const threadWords = thread => thread ? `thread ${thread.name ? '"' + thread.name + '" ' : ''}(id ${thread.id}${thread.virtual ? ', virtual' : ''})` : 'a thread that is not known';

  function stackBlock(frames, label) {
    if (!frames.length) return el('p', {}, 'No stack was kept.');
    const own = frames.findIndex(frame => !isJdk(frame));
    return el('pre', { class: 'stack', tabindex: 0, role: 'group', 'aria-label': label },
      frames.map((frame, i) => el('span', { class: i === own ? 'here' : isJdk(frame) ? 'jdk' : null }, withoutModule(frame) + '\n')));
  }

  function chainOf(cut) {
    const { victim } = cut;
    const links = (cut.chain ?? []).map(link => el('li', {},
      el('h3', {}, link.act + ' by ' + threadWords(link.thread)),
      el('p', {}, [link.beforeNanos != null && duration(link.beforeNanos) + ' before the call ended',
        link.code && 'in ' + (link.code.jar || 'no jar') + (codeWords(link.code) ? ' (' + codeWords(link.code) + ')' : ''),
        link.code && link.code.told !== 'unknown' && 'told by its ' + link.code.told,
        link.origin && `called from ${link.origin.class}.${link.origin.method}` + (link.origin.jar ? ' in ' + link.origin.jar : '') + (codeWords(link.origin) ? ' (' + codeWords(link.origin) + ')' : '')].filter(Boolean).join(' · ')),
      stackBlock(stackOf(link), 'Stack of ' + link.act)));
    const end = victim && el('li', {},
      el('h3', {}, `${victim.operation ?? 'call'} of ${threadWords(victim.thread)} ended`),
      el('p', {}, [victim.exception ? victim.exception + (victim.message ? ': ' + victim.message : '') : 'no exception',
        victim.blockedNanos != null && 'blocked for ' + duration(victim.blockedNanos),
        victim.local && 'local ' + victim.local, victim.remote && 'remote ' + victim.remote].filter(Boolean).join(' · ')),
      stackBlock(stackOf(victim), 'Stack of the call that was cut'));
    return el('ol', { class: 'chain', 'aria-label': 'What led to what, oldest first' }, links, end);
  }

  function storyBody(cuts, body, at = 0) {
    const cut = cuts[at];
    const jvm = data.jvms[cut.jvm];
    const turn = cuts.length > 1 && el('div', { class: 'turn' },
      el('button', { type: 'button', disabled: at === 0, onclick: () => storyBody(cuts, body, at - 1) }, '← newer'),
      el('span', { 'aria-live': 'polite' }, `${number(cuts.length - at)} of ${number(cuts.length)}, ${day(cut.millis)} ${clock(cut.millis, 3)} UTC`),
      el('button', { type: 'button', disabled: at === cuts.length - 1, onclick: () => storyBody(cuts, body, at + 1) }, 'older →'));
    const verdict = verdictOf(cut.verdict);
    body.replaceChildren(...[turn,
      cut.sentence && el('p', { class: 'sentence' }, cut.sentence),
      el('table', { class: 'facts' }, el('tbody', {},
        fact('verdict', verdict.label + ', ' + cut.certainty),
        fact('when', `${day(cut.millis)} ${clock(cut.millis, 3)} UTC`),
        fact('JVM', jvm.name),
        cut.evidence?.length && fact('because', el('ul', { class: 'evidence' }, cut.evidence.map(each => el('li', {}, each)))))),
      chainOf(cut)].filter(Boolean));
  }

  const fact = (name, value) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value));

  function story(cuts) {
    const [cut] = cuts;
    const verdict = verdictOf(cut.verdict);
    const body = el('div', { class: 'body' });
    const details = el('details', {
      class: 'story ' + familyOf(cut), 'data-group': cut.group,
      ontoggle: () => { if (details.open && !body.hasChildNodes()) storyBody(cuts, body); }
    },
    el('summary', {},
      el('span', { class: 'count' }, number(cuts.length) + ' ×'),
      el('span', { class: 'what' }, el('b', {}, shortName(cut.place)), ` · ${cut.victim?.operation ?? 'call'}`,
        cut.code ? [' cut by ', el('b', {}, shortName(cut.code.class + '.' + cut.code.method)), cut.code.jar ? ' in ' + cut.code.jar : ''] : ': ' + verdict.label),
      el('span', { class: 'last' }, clock(cut.millis, 3)),
      el('span', { class: 'tags' },
        el('span', { class: 'tag verdict' }, verdict.label),
        cut.certainty && el('span', { class: 'tag' }, cut.certainty),
        cut.expected && el('span', { class: 'tag' }, 'expected'),
        el('span', { class: 'tag' }, cut.exception.split('.').at(-1)),
        data.jvms.length > 1 && el('span', { class: 'tag' }, data.jvms[cut.jvm].name))),
    body);
    return details;
  }

  function drawStories(cuts) {
    const groups = Map.groupBy ? Map.groupBy(cuts, cut => cut.group) : groupBy(cuts);
    const open = new Set([...document.querySelectorAll('.story[open]')].map(each => each.dataset.group));
    const stories = [...groups.values()].slice(0, shown).map(story);
    stories.forEach(each => { each.open = open.has(each.dataset.group); });
    if (groups.size === 1) stories[0].open = true;
    $('stories').replaceChildren(...stories);
    $('cutsNote').textContent = cuts.length
      ? `${plural(cuts.length, 'cut')} in ${plural(groups.size, 'story', 'stories')}; cuts that are alike are one story, the newest first. Times are UTC.`
      : 'No cut passes the filters.';
    const rest = groups.size - stories.length;
    $('more').hidden = rest <= 0;
    $('more').textContent = `Show ${number(Math.min(rest, STORIES))} more of ${number(rest)}`;
  }

  function groupBy(cuts) {
    const groups = new Map();
    for (const cut of cuts) groups.set(cut.group, [...groups.get(cut.group) ?? [], cut]);
    return groups;
  }

  function drawJvms() {
    $('jvms').replaceChildren(...data.jvms.map(jvm => el('div', { class: 'jvm' },
      el('h3', {}, jvm.name),
      el('table', { class: 'facts' }, el('tbody', {},
        fact('recording', jvm.source),
        jvm.java && fact('Java', jvm.java),
        jvm.host && fact('host', jvm.host),
        jvm.agent && fact('agent', jvm.agent),
        jvm.time && fact('since', jvm.time),
        fact('cuts', number(jvm.cuts)),
        jvm.found != null && fact('watched', plural(jvm.found, 'place') + ' of this JDK' + (jvm.missing.length ? '; not there: ' + jvm.missing.join(', ') : ', all of them')),
        jvm.notes.map(note => el('tr', { class: 'warn' }, el('th', { scope: 'row' }, 'note'), el('td', {}, note))))))));
    $('footer').textContent = `Made by cleanbreak ${data.version} on ${data.made}.`
      + (data.omitted ? ` The ${number(data.omitted)} oldest cuts are left out; --most sets how many a page holds.` : '');
  }

  function drawSelects() {
    const verdicts = count(data.cuts.filter(cut => passes(cut, 'verdict')), 'verdict');
    if (filter.verdict && !verdicts.some(entry => entry.name === filter.verdict)) verdicts.push({ name: filter.verdict, n: 0 });
    $('verdict').replaceChildren(el('option', { value: '' }, 'all'),
      ...verdicts.map(entry => el('option', { value: entry.name }, `${verdictOf(entry.name).label} (${number(entry.n)})`)));
    $('verdict').value = filter.verdict ?? '';
    $('jvm').replaceChildren(el('option', { value: '' }, 'all'), ...data.jvms.map((jvm, i) => el('option', { value: i }, jvm.name)));
    $('jvm').value = filter.jvm ?? '';
    $('jvmLabel').hidden = data.jvms.length < 2;
    $('expected').checked = filter.expected;
  }

  function draw() {
    const at = document.activeElement?.dataset;
    const focus = at?.key && `button[data-key="${at.key}"][data-name="${CSS.escape(at.name)}"]`;
    const cuts = data.cuts.filter(cut => passes(cut));
    drawLead(cuts);
    drawChips();
    drawSelects();
    drawTimeline();
    $('jars').replaceChildren(...ranking('jar', 'Jar', ({ name, cut }) => [name, el('small', {}, codeWords(cut.code))]).filter(Boolean));
    $('sites').replaceChildren(...ranking('site', 'Call site', ({ name, cut }) => [shortName(name), el('small', {}, cut.code ? cut.code.class + (cut.code.jar ? ' in ' + cut.code.jar : '') : '')]).filter(Boolean));
    $('verdicts').replaceChildren(...ranking('verdict', 'Verdict', ({ name }) => [verdictOf(name).label]).filter(Boolean));
    $('victims').replaceChildren(...ranking(victimsBy, 'Victim', ({ name, cut }) => victimsBy === 'place' ? [shortName(name), el('small', {}, name)] : [name]).filter(Boolean));
    drawStories(cuts);
    if (focus) document.querySelector(focus)?.focus();
  }

  function drawScope() {
    const orderly = data.cuts.filter(cut => cut.expected).length;
    const last = data.cuts[0]?.millis;
    const first = data.cuts.at(-1)?.millis;
    const when = first == null ? '' : day(first) === day(last)
      ? `${day(first)}, ${clock(first)} to ${clock(last)} UTC` : `${day(first)} ${clock(first)} to ${day(last)} ${clock(last)} UTC`;
    $('scope').textContent = [plural(data.cuts.length - orderly, 'cut') + (orderly ? ` and ${plural(orderly, 'orderly close')}` : ''),
      plural(data.jvms.length, 'JVM'), when].filter(Boolean).join(' · ');
  }

  // ---- what listens

  $('text').value = filter.text ?? '';
  $('text').addEventListener('input', event => set({ text: event.target.value.trim() }));
  $('verdict').addEventListener('change', event => set({ verdict: event.target.value }));
  $('jvm').addEventListener('change', event => set({ jvm: event.target.value }));
  $('expected').addEventListener('change', event => set({ expected: event.target.checked }));
  $('filters').addEventListener('submit', event => event.preventDefault());
  $('more').addEventListener('click', () => { shown += STORIES; drawStories(data.cuts.filter(cut => passes(cut))); });
  for (const tab of document.querySelectorAll('.tabs button')) {
    tab.addEventListener('click', () => {
      victimsBy = tab.dataset.by;
      document.querySelectorAll('.tabs button').forEach(each => each.setAttribute('aria-pressed', String(each === tab)));
      draw();
    });
  }
  window.addEventListener('hashchange', () => { filter = fromAddress(); $('text').value = filter.text ?? ''; draw(); });

  const root = document.documentElement;
  const dark = () => root.classList.contains('dark')
    || !root.classList.contains('light') && matchMedia('(prefers-color-scheme: dark)').matches;
  const showTheme = () => { $('theme').setAttribute('aria-pressed', String(dark())); };
  $('theme').addEventListener('click', () => {
    const to = dark() ? 'light' : 'dark';
    root.classList.remove('dark', 'light');
    root.classList.add(to);
    showTheme();
  });

  showTheme();
  drawScope();
  drawJvms();
  draw();
})();
