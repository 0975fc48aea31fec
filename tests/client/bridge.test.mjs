/** The bridge for other languages' tests: a conversation over its lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answer } from './bridge.mjs';
import { hex } from '../../app/reporter/client/src/protocol/encoding.js';
import { seededRng } from './fixtures.mjs';

const rng = seededRng('bridge');
const ask = async (request) => answer(JSON.stringify(request));

test('seal and open, both ways, over the lines', async () => {
  const line = hex(rng(32));
  const reporter = { mk: hex(rng(16)) };
  const identity = { identity: hex(rng(128)) + hex(new Uint8Array([5, ...new Array(31).fill(0)])) };
  const { ok: owner } = await ask({ do: 'public', party: identity });
  const bundle = { bundle: hex(rng(128)), fetch: owner.fetch };
  const { ok: recipient } = await ask({ do: 'public', party: bundle });
  const { ok: envelope } = await ask({ do: 'seal', party: reporter, recipient, body: 'c0ffee', line });
  const { ok: opened } = await ask({ do: 'open', party: bundle, envelope, line });
  assert.equal(opened.body, 'c0ffee');
  const { ok: back } = await ask({ do: 'public', party: reporter });
  const { ok: reply } = await ask({ do: 'seal', party: identity, recipient: back, body: '00', line });
  assert.equal((await ask({ do: 'open', party: reporter, envelope: reply, line })).ok.dh, owner.dh);
  assert.deepEqual(await ask({ do: 'open', party: bundle, envelope: reply, line }), { error: 'cannot-open' });
});

test('files, codes, errors', async () => {
  const key = hex(rng(32));
  const { ok: file } = await ask({ do: 'encryptFile', plaintext: 'abcd', key, subtle: true });
  const given = { do: 'openFile', key, size: 2, tree: file.tree, chunks: file.chunks, subtle: false };
  assert.equal((await ask(given)).ok, 'abcd');
  const typed = await ask({ do: 'readCode', text: 'vintage nonsense', lists: ['english'] });
  assert.deepEqual([typed.error, typed.count], ['word-count', 2]);
  assert.equal((await ask({ do: 'nothing' })).error, 'internal');
  assert.equal((await answer('no JSON')).error, 'internal');
});
