// What a person may ask for besides writing: that a desk stops, and a cooperation letter. Each is a
// message of its own kind (docs/spec/bodies.md), sent like any other.

import { hex } from '../protocol/encoding.js';
import { systemRng } from '../protocol/random.js';
import { makeDeskChoice } from './desk-choice.js';
import { onAction } from './dom.js';

/** @import { Bytes } from '../protocol/attachments.js' */

/**
 * @import { Draft } from './draft.js'
 * @import { Parts } from './visit.js'
 */

/**
 * `onCancel()` leads back to the answers.
 * @param {Parts & {onCancel: () => void}} parts
 */
export function makeRequests(parts) {
  const { screens, visit, core, onCancel } = parts;

  /** @param {{step: string, kind: string, missing: string, complete: (draft: Draft) => void | Promise<void>}} o */
  const request = ({ step, kind, missing, complete }) => {
    const choice = makeDeskChoice({ ...parts, step, missing, chosen: () => visit.draft.desks });
    const section = screens.section(step);
    onAction(section, 'send', async () => {
      if (!choice.ready()) return;
      await complete(visit.draft);
      screens.show('sending');
    });
    onAction(section, 'back', () => {
      visit.resume();
      onCancel();
    });
    return () => {
      visit.setAside(kind, step);
      screens.show(step);
    };
  };

  return {
    withdraw: request({
      step: 'withdraw',
      kind: 'withdrawal',
      missing: 'withdraw.choose',
      complete(draft) {
        // Whoever answered holds what was sent, and must know that others may no longer have it.
        const answered = [...visit.desksOpened].filter((id) => visit.openDesks.has(id));
        draft.readers = new Set([...draft.desks, ...answered]);
      },
    }),
    letter: request({
      step: 'letter',
      kind: 'letter-request',
      missing: 'letter.choose',
      async complete(draft) {
        if (draft.more.n) return; // tried before: the same letter
        const n = systemRng(16);
        const publicKey = await core.run('letterKey', { code: /** @type {Bytes} */ (visit.code), n });
        draft.more = { n: hex(n), pk: hex(publicKey) };
      },
    }),
  };
}
