// The form of the review page. What is answered lives in the page alone, until its reader saves it to a file;
// nothing is kept in the browser, because the computer may be one that others use.
(() => {
  const kit = JSON.parse(document.getElementById('kit').textContent);
  const [form, footer] = [document.querySelector('.reviewer'), document.querySelector('footer')];
  const [progress, said] = [document.querySelector('.progress'), document.querySelector('.said')];
  const sentences = [...document.querySelectorAll('.sentence')];
  const SAYS = { fine: 'Fine', change: 'Change to …', wrong: 'Wrong, because …' };
  const FIELD = { change: 'to', wrong: 'because' };
  const MOST = 2000;
  const PLACES = /%\([a-z_]+\)s|\{[a-z_]+\}/g;
  let unsaved = false;

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const places = (text) => (text.match(PLACES) || []).sort().join(' ');

  /** The rows by hash: how to read and set what is answered about a sentence. */
  const rows = new Map(sentences.map((article) => [article.dataset.hash, row(article)]));

  function row(article) {
    const text = article.querySelector('.text');
    const field = element('textarea', { hidden: true, maxLength: MOST, autocomplete: 'off' });
    const problem = element('p', { className: 'problem' });
    problem.setAttribute('role', 'status');
    const radios = Object.entries(SAYS).map(([value, label]) => {
      const radio = element('input', { type: 'radio', name: article.id, value });
      return [radio, element('label', {}, radio, label)];
    });
    const chosen = () => radios.map(([radio]) => radio).find((radio) => radio.checked)?.value;
    const show = () => {
      const say = chosen();
      field.hidden = !(say in FIELD);
      if (say === 'change') Object.assign(field, { lang: text.lang, dir: text.dir });
      else Object.assign(field, { lang: 'en', dir: 'auto' });
      field.setAttribute('aria-label', SAYS[say] || '');
      const differs = say === 'change' && field.value.trim() && places(field.value) !== places(text.textContent);
      problem.textContent = differs ? `These must stay as they are: ${places(text.textContent) || 'none is here'}` : '';
      article.classList.toggle('answered', Boolean(answer()));
    };
    const answer = () => {
      const say = chosen();
      if (say === 'fine') return { say };
      const words = field.value.replace(/[\t\r\n]+/g, ' ').trim();
      return say && words ? { say, [FIELD[say]]: words } : null;
    };
    const changed = (event) => {
      if (event.target.value === 'change' && !field.value) field.value = text.textContent;
      show();
      tell();
    };
    const legend = element('legend', { className: 'meta', textContent: `What is sentence ${article.id.slice(1)}?` });
    const set = element('fieldset', {}, legend, ...radios.map(([, label]) => label), field, problem);
    set.addEventListener('input', changed);
    article.append(set);
    return {
      answer,
      risk: article.dataset.risk,
      fill: (given) => {
        for (const [radio] of radios) radio.checked = radio.value === given.say;
        field.value = String(given[FIELD[given.say]] || '');
        show();
      },
    };
  }

  /** What waits: all sentences, and those of the gravest kind. */
  function tell() {
    unsaved = true;
    count();
  }
  function count() {
    const all = [...rows.values()];
    const done = (some) => `${some.filter((one) => one.answer()).length} of ${some.length}`;
    const safety = all.filter((one) => one.risk === 'safety');
    progress.textContent = `${done(all)} answered; safety: ${done(safety)}.`;
  }

  const FIELDS = ['name', 'capacity'];
  const given = (name) => form.elements.namedItem(name);

  async function save() {
    const reviewer = Object.fromEntries(FIELDS.map((name) => [name, given(name).value.replace(/\s+/g, ' ').trim()]));
    if (!reviewer.name) {
      said.textContent = 'Write a name at the top first; a made-up one is fine.';
      given('name').focus();
      return;
    }
    if (given('public')?.checked) reviewer.public = true;
    const answers = {};
    for (const [hash, one] of rows) if (one.answer()) answers[hash] = one.answer();
    const file = { v: 1, ...kit, reviewer, answers };
    const bytes = new TextEncoder().encode(JSON.stringify(file));
    const address = URL.createObjectURL(new Blob([bytes], { type: 'application/json' }));
    const link = element('a', { href: address, download: document.body.dataset.file });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    unsaved = false;
    said.textContent = `Saved. ${await fingerprint(bytes)}`;
  }

  /** Five numbers by which the agency knows on the phone that it got this file. */
  async function fingerprint(bytes) {
    if (!crypto.subtle) return '';
    const hash = new DataView(await crypto.subtle.digest('SHA-256', bytes));
    const numbers = [0, 2, 4, 6, 8].map((at) => String(hash.getUint16(at)).padStart(5, '0'));
    return `When you have answered everything, send the file and read these numbers to the agency on the phone: ${numbers.join(' ')}`;
  }

  async function goOn(event) {
    const [file] = event.target.files;
    if (!file) return;
    try {
      const back = JSON.parse(await file.text());
      if (back.kind !== kit.kind || back.language !== kit.language) throw new Error('another file');
      for (const name of FIELDS) given(name).value = String(back.reviewer[name] || '');
      if (given('public')) given('public').checked = back.reviewer.public === true;
      let other = 0;
      for (const [hash, answer] of Object.entries(back.answers)) {
        if (rows.has(hash) && answer.say in SAYS) rows.get(hash).fill(answer);
        else other += 1;
      }
      said.textContent = other
        ? `${other} answers are about sentences that are not here, or were changed: they are left out.`
        : 'Your answers are here again.';
      unsaved = other > 0;
    } catch {
      said.textContent = 'This is not a file of answers for this language.';
    }
    count();
  }

  for (const section of document.querySelectorAll('main > section')) {
    const plain = [...section.querySelectorAll('[data-risk="plain"]')].map((one) => rows.get(one.dataset.hash));
    if (plain.length < 2) continue;
    const all = element('button', {
      type: 'button',
      className: 'quiet',
      textContent: 'I have read what is plain here: all of it is fine',
    });
    all.addEventListener('click', () => {
      for (const one of plain) if (!one.answer()) one.fill({ say: 'fine' });
      tell();
    });
    section.querySelector('.sentences').append(all);
  }
  form.addEventListener('input', (event) => {
    if (event.target.type !== 'file') unsaved = true;
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.querySelector('[type="file"]').addEventListener('change', goOn);
  document.querySelector('.save').addEventListener('click', save);
  addEventListener('beforeunload', (event) => {
    if (unsaved) event.preventDefault();
  });
  form.hidden = footer.hidden = false;
  count();
})();
