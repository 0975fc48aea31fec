// The form of the review page. What is answered lives in the page alone, until its reader saves it to a file;
// nothing is kept in the browser, because the computer may be one that others use.
(() => {
  /** @typedef {{say: string, to?: string, because?: string}} Answer */

  /**
   * The one element that the page has for a selector.
   * @template {HTMLElement} T
   * @param {string} selector
   * @param {new () => T} kind
   * @param {ParentNode} [within]
   * @returns {T}
   */
  const the = (selector, kind, within = document) => {
    const there = within.querySelector(selector);
    if (there instanceof kind) return there;
    throw new Error(`The page has no ${selector}`);
  };
  const kit = JSON.parse(the('#kit', HTMLScriptElement).text);
  const [form, footer] = [the('.reviewer', HTMLFormElement), the('footer', HTMLElement)];
  const [progress, notice] = [the('.progress', HTMLElement), the('.said', HTMLElement)];
  /** @type {HTMLElement[]} */
  const sentences = [...document.querySelectorAll('.sentence')].filter((one) => one instanceof HTMLElement);
  /** @type {Record<string, string>} */
  const SAYS = { fine: 'Fine', change: 'Change to …', wrong: 'Wrong, because …' };
  /** @type {Record<string, 'to' | 'because'>} */
  const FIELD = { change: 'to', wrong: 'because' };
  const MOST = 2000;
  const PLACES = /%\([a-z_]+\)s|\{[a-z_]+\}/g;
  const chooser = the('[type="file"]', HTMLInputElement, form);
  let unsaved = false;

  /**
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} name
   * @param {Record<string, unknown>} [properties]
   * @param {...(Node | string)} children
   */
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  /** @param {string} text */
  const places = (text) => (text.match(PLACES) || []).sort().join(' ');

  /** The rows by hash: how to read and set what is answered about a sentence. */
  const rows = new Map(sentences.map((article) => [article.dataset.hash, row(article)]));

  /** @param {HTMLElement} article */
  function row(article) {
    const text = the('.text', HTMLElement, article);
    const written = text.textContent ?? '';
    const field = element('textarea', { hidden: true, maxLength: MOST, autocomplete: 'off' });
    const problem = element('p', { className: 'problem' });
    problem.setAttribute('role', 'status');
    const radios = Object.keys(SAYS).map((value) => element('input', { type: 'radio', name: article.id, value }));
    const labels = radios.map((radio) => element('label', {}, radio, SAYS[radio.value]));
    const chosen = () => radios.find((radio) => radio.checked)?.value ?? '';
    const show = () => {
      const say = chosen();
      field.hidden = !(say in FIELD);
      if (say === 'change') Object.assign(field, { lang: text.lang, dir: text.dir });
      else Object.assign(field, { lang: 'en', dir: 'auto' });
      field.setAttribute('aria-label', SAYS[say] || '');
      const differs = say === 'change' && field.value.trim() && places(field.value) !== places(written);
      problem.textContent = differs ? `These must stay as they are: ${places(written) || 'none is here'}` : '';
      article.classList.toggle('answered', Boolean(answer()));
    };
    /** @returns {Answer | null} */
    const answer = () => {
      const say = chosen();
      if (say === 'fine') return { say };
      const words = field.value.replace(/[\t\r\n]+/g, ' ').trim();
      return say && words ? { say, [FIELD[say]]: words } : null;
    };
    /** @param {Event} event */
    const changed = (event) => {
      const at = event.target;
      if (at instanceof HTMLInputElement && at.value === 'change' && !field.value) field.value = written;
      show();
      tell();
    };
    const legend = element('legend', { className: 'meta', textContent: `What is sentence ${article.id.slice(1)}?` });
    const set = element('fieldset', {}, legend, ...labels, field, problem);
    set.addEventListener('input', changed);
    article.append(set);
    return {
      answer,
      risk: article.dataset.risk,
      /** @param {Answer} answered */
      fill: (answered) => {
        for (const radio of radios) radio.checked = radio.value === answered.say;
        field.value = String(answered[FIELD[answered.say]] || '');
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
    /** @param {typeof all} some */
    const done = (some) => `${some.filter((one) => one.answer()).length} of ${some.length}`;
    const safety = all.filter((one) => one.risk === 'safety');
    progress.textContent = `${done(all)} answered; safety: ${done(safety)}.`;
  }

  const FIELDS = ['name', 'capacity'];
  /** @param {string} name */
  const field = (name) => {
    const there = form.elements.namedItem(name);
    return there instanceof HTMLInputElement ? there : null;
  };
  /** @param {string} name */
  const written = (name) => field(name)?.value.replace(/\s+/g, ' ').trim() ?? '';

  async function save() {
    /** @type {Record<string, string | true>} */
    const reviewer = Object.fromEntries(FIELDS.map((name) => [name, written(name)]));
    if (!reviewer.name) {
      notice.textContent = 'Write a name at the top first; a made-up one is fine.';
      field('name')?.focus();
      return;
    }
    if (field('public')?.checked) reviewer.public = true;
    const answers = Object.fromEntries([...rows].map(([hash, one]) => [hash, one.answer()]).filter(([, one]) => one));
    const file = { v: 1, ...kit, reviewer, answers };
    const bytes = new TextEncoder().encode(JSON.stringify(file));
    const address = URL.createObjectURL(new Blob([bytes], { type: 'application/json' }));
    const link = element('a', { href: address, download: document.body.dataset.file });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    unsaved = false;
    notice.textContent = `Saved. ${await fingerprint(bytes)}`;
  }

  /** Five numbers by which the agency knows on the phone that it got this file. */
  async function fingerprint(/** @type {Uint8Array<ArrayBuffer>} */ bytes) {
    if (!crypto.subtle) return '';
    const hash = new DataView(await crypto.subtle.digest('SHA-256', bytes));
    const numbers = [0, 2, 4, 6, 8].map((at) => String(hash.getUint16(at)).padStart(5, '0'));
    return `When you have answered everything, send the file and read these numbers to the agency on the phone: ${numbers.join(' ')}`;
  }

  async function goOn() {
    const [file] = chooser.files ?? [];
    if (!file) return;
    try {
      const back = JSON.parse(await file.text());
      if (back.kind !== kit.kind || back.language !== kit.language) throw new Error('another file');
      for (const name of FIELDS) Object.assign(field(name) ?? {}, { value: String(back.reviewer[name] || '') });
      Object.assign(field('public') ?? {}, { checked: back.reviewer.public === true });
      let other = 0;
      for (const [hash, answer] of Object.entries(back.answers)) {
        const one = rows.get(hash);
        if (one && answer.say in SAYS) one.fill(answer);
        else other += 1;
      }
      notice.textContent = other
        ? `${other} answers are about sentences that are not here, or were changed: they are left out.`
        : 'Your answers are here again.';
      unsaved = other > 0;
    } catch {
      notice.textContent = 'This is not a file of answers for this language.';
    }
    count();
  }

  for (const section of document.querySelectorAll('main > section')) {
    const inside = sentences.filter((one) => one.dataset.risk === 'plain' && section.contains(one));
    const plain = inside.map((one) => rows.get(one.dataset.hash)).filter((one) => one !== undefined);
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
    the('.sentences', HTMLElement, section).append(all);
  }
  form.addEventListener('input', (event) => {
    if (event.target !== chooser) unsaved = true;
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  chooser.addEventListener('change', goOn);
  the('.save', HTMLElement).addEventListener('click', save);
  addEventListener('beforeunload', (event) => {
    if (unsaved) event.preventDefault();
  });
  form.hidden = footer.hidden = false;
  count();
})();
