/** A message's body: what every reader reads, and what no reader guesses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readBody } from '../../app/reporter/client/src/protocol/bodies.js';
import { jsonBytes, utf8 } from '../../app/reporter/client/src/protocol/encoding.js';

const MID = '5f0c9a3b7de14c2e8a6b1d0f9e8c7b6a';

function refusal(bytes) {
  try {
    readBody(bytes);
  } catch (error) {
    return [error.code, error.newer === true];
  }
  return null;
}

test('a body is read with every field it has', () => {
  const body = { kind: 'reply', v: 1, mid: MID, text: '', later: [1] };
  assert.deepEqual(readBody(jsonBytes(body)), body);
});

test('a body of another version is not guessed', () => {
  for (const v of [0, 2, 2 ** 53 - 1]) assert.deepEqual(refusal(jsonBytes({ v })), ['bad-body', true], String(v));
});

test('what is no body', () => {
  for (const text of [
    '',
    '[]',
    'null',
    '1',
    '{}',
    '{"kind":"reply","v":1}',
    `{"kind":"reply","mid":"${MID}"}`,
    `{"kind":1,"v":1,"mid":"${MID}"}`,
    `{"kind":"reply","v":true,"mid":"${MID}"}`,
    `{"kind":"reply","v":1.0,"mid":"${MID}"}`,
    `{"kind":"reply","v":1,"mid":"${MID.toUpperCase()}"}`,
    `{"kind":"reply","v":1,"v":1,"mid":"${MID}"}`,
  ]) {
    assert.deepEqual(refusal(utf8(text)), ['bad-body', false], text);
  }
});
