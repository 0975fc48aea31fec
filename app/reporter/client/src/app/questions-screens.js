// The optional questions: one a screen, as the agency wrote them into the page. An answer that was
// skipped is not in the report at all. An answer is an option's id, a list of them, or words. A
// question may hang on earlier answers (docs/spec/site.md, the form): while they are others, it is
// not asked, and its own answer waits.

import { all, one } from './dom.js';

/**
 * @import { Reply } from './draft.js'
 * @import { Parts } from './visit.js'
 */
/**
 * How a question is answered, and how its answer is read, shown and said.
 * @typedef {object} Field
 * @property {() => Reply | null} read
 * @property {(answer: Reply | undefined) => void} show
 * @property {(answer: Reply) => string[]} said
 * @property {(handler: () => void) => void} onChange
 */
/** @typedef {ReturnType<typeof makeQuestionScreens>['questions'][number]} Question */

const SKIPPED = 'skipped'; // stands in a condition for a question that was not answered

/**
 * Is a question asked of somebody who has given these answers so far?
 * @param {Record<string, string[]>} onlyIf by question the answers of which one must have been given
 * @param {Record<string, Reply>} answers
 * @returns {boolean}
 */
export function applies(onlyIf, answers) {
  return Object.entries(onlyIf).every(([id, wanted]) =>
    [answers[id] ?? SKIPPED].flat().some((one) => wanted.includes(one)),
  );
}

/**
 * Take out of a draft what is not asked any more, and put back what is asked again.
 * @param {{id: string, onlyIf: Record<string, string[]>}[]} questions in the order in which they are asked
 * @param {{answers: Record<string, Reply>, waiting: Record<string, Reply>}} draft
 */
export function settle(questions, draft) {
  for (const { id, onlyIf } of questions) {
    const [from, to] = applies(onlyIf, draft.answers) ? [draft.waiting, draft.answers] : [draft.answers, draft.waiting];
    if (!(id in from)) continue;
    if (!(id in to)) to[id] = from[id];
    delete from[id];
  }
}

/**
 * Returns the questions in order: {id, step, before, more, text, said(answer), isOpen()}; `adopt()` takes
 * in those that were loaded later, and returns them.
 * @param {Pick<Parts, 'screens' | 'visit' | 'speaker'>} o
 */
export function makeQuestionScreens({ screens, visit, speaker }) {
  /** @param {HTMLElement} group */
  const makeQuestion = (group) => {
    const id = /** @type {string} */ (group.dataset.question);
    /** @type {Record<string, string[]>} */
    const onlyIf = JSON.parse(group.dataset.onlyIf ?? '{}');
    const step = `question-${id}`;
    const section = screens.section(step);
    const before = screens.has(`before-${id}`) ? `before-${id}` : null;
    const more = one('[data-action="enough"]', section) !== null;
    const field = group.matches('textarea') ? wordsOf(/** @type {HTMLTextAreaElement} */ (group)) : choicesOf(group);
    /** @type {HTMLElement | null} */
    const warning = one('[data-warn-on]', section);
    const skip = one('[data-action="skip"]', section);
    // Right under the answer that it is about: the heading and the answer stay in view.
    if (warning) one(`[value="${warning.dataset.warnOn}"]`, group).closest('label')?.after(warning);

    const showRest = () => {
      const answer = visit.draft.answers[id];
      skip.hidden = answer !== undefined;
      if (!warning) return;
      warning.hidden = ![answer ?? []].flat().includes(/** @type {string} */ (warning.dataset.warnOn));
      if (!warning.hidden) warning.scrollIntoView({ block: 'nearest' });
    };
    field.onChange(() => {
      const answer = field.read();
      if (answer === null) delete visit.draft.answers[id];
      else visit.draft.answers[id] = answer;
      settle(questions, visit.draft);
      screens.problem(step, '');
      showRest();
    });
    screens.onArrive(step, () => {
      field.show(visit.draft.answers[id]);
      showRest();
    });

    /** May one go on? Only words can be too many. */
    const ready = () => {
      if (visit.draft.bytesLeft() >= 0) return true;
      screens.problem(step, speaker.count('text.too-long', -visit.draft.bytesLeft()));
      return false;
    };
    const isOpen = () => applies(onlyIf, visit.draft.answers);
    return { id, step, before, more, onlyIf, isOpen, text: one('h1', section).textContent, said: field.said, ready };
  };
  /** @type {ReturnType<typeof makeQuestion>[]} */
  const questions = [];
  /** Take in those that have come to the page; returns them. */
  const adopt = () => {
    const come = all('[data-question]').filter((group) => questions.every(({ id }) => id !== group.dataset.question));
    const made = come.map(makeQuestion);
    questions.push(...made);
    return made;
  };

  /**
   * Take an answer back.
   * @param {string} step
   */
  const forget = (step) => {
    const question = questions.find((each) => each.step === step || each.before === step);
    if (question) delete visit.draft.answers[question.id];
    settle(questions, visit.draft);
  };
  return { questions, adopt, forget };
}

/**
 * @param {HTMLTextAreaElement} area
 * @returns {Field}
 */
function wordsOf(area) {
  return {
    read: () => area.value.trim() || null,
    show: (answer) => {
      area.value = /** @type {string} */ (answer ?? '');
    },
    said: (answer) => [/** @type {string} */ (answer)],
    onChange: (handler) => area.addEventListener('input', handler),
  };
}

/**
 * Radio buttons give one id, checkboxes a list of them.
 * @param {HTMLElement} group
 * @returns {Field}
 */
function choicesOf(group) {
  /** @type {HTMLInputElement[]} */
  const boxes = all('input', group);
  const several = boxes[0].type === 'checkbox';
  const label = new Map(
    boxes.map((box) => [box.value, one('b', /** @type {HTMLElement} */ (box.parentElement)).textContent]),
  );
  return {
    read: () => {
      const ids = boxes.filter((box) => box.checked).map((box) => box.value);
      return ids.length === 0 ? null : several ? ids : ids[0];
    },
    show: (answer) => {
      const ids = [answer ?? []].flat();
      for (const box of boxes) box.checked = ids.includes(box.value);
    },
    said: (answer) => [answer].flat().map((id) => /** @type {string} */ (label.get(id))),
    onChange: (handler) => boxes.forEach((box) => box.addEventListener('change', handler)),
  };
}
