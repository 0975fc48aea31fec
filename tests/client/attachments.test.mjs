/** Files in equal chunks, with WebCrypto and without. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  CHUNK_BYTES,
  FileSealer,
  PIECE_BYTES,
  chunkCount,
  openChunk,
  openFile,
  paddedChunks,
} from '../../app/reporter/client/src/protocol/attachments.js';
import { equal, hex } from '../../app/reporter/client/src/protocol/encoding.js';
import { sha256Hex, shake256 } from '../vectors/material.mjs';
import { sealAll } from '../vectors/sealing.mjs';
import { codeOf, flip, seededRng } from './fixtures.mjs';

const { subtle } = globalThis.crypto;
const rng = seededRng('files');

/** A file's tree hash by its definition. */
function treeHex(bytes) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) pieces.push(bytes.slice(at, at + PIECE_BYTES));
  return sha256Hex(...pieces.map((piece) => Buffer.from(sha256Hex(piece), 'hex')));
}

/** A file sealed, with a server to fetch its chunks from. */
async function sealed(bytes, engine = subtle) {
  const key = rng(32);
  const sealer = new FileSealer({ blob: new Blob([bytes]), key, size: bytes.length, subtle: engine });
  const { ids, chunks, tree } = await sealAll(sealer);
  const server = new Map(ids.map((id, i) => [hex(id), chunks[i]]));
  const file = { key, chunks: sealer.total, size: bytes.length, tree, type: 'image/jpeg' };
  return { sealer, server, file, fetchChunk: async (id) => server.get(hex(id)) };
}

for (const size of [0, 1, PIECE_BYTES - 9, PIECE_BYTES - 8, PIECE_BYTES - 7, PIECE_BYTES, 2 * PIECE_BYTES + 5]) {
  test(`a file of ${size} bytes comes back whole, by either engine, from the same chunks`, async () => {
    const bytes = shake256(`file-${size}`, size);
    const { sealer, server, file, fetchChunk } = await sealed(bytes);
    assert.equal(sealer.total, chunkCount(size));
    assert.equal(server.size, sealer.total);
    const plain = new FileSealer({ blob: new Blob([bytes]), key: file.key, size, subtle: null });
    const { chunks, tree } = await sealAll(plain);
    for (const [i, chunk] of chunks.entries()) {
      assert.equal(chunk.length, CHUNK_BYTES);
      assert.ok(equal(chunk, server.get(hex(sealer.chunkId(i)))));
    }
    assert.deepEqual(tree, file.tree);
    for (const engine of [subtle, null]) {
      const opened = await openFile({ file, fetchChunk, subtle: engine });
      assert.equal(opened.type, 'image/jpeg');
      assert.ok(equal(new Uint8Array(await opened.arrayBuffer()), bytes));
    }
  });
}

test('the tree is SHA-256 over the SHA-256 of each piece of the file', async () => {
  const bytes = shake256('tree', PIECE_BYTES + 10);
  const { file } = await sealed(bytes);
  assert.equal(hex(file.tree), treeHex(bytes));
});

test('padding: four significant bits, at most an eighth more', () => {
  for (let n = 1; n < 5000; n++) {
    const padded = paddedChunks(n);
    assert.ok(padded >= n && padded <= n * 1.125);
    assert.ok(padded.toString(2).replace(/0+$/, '').length <= 4);
  }
});

test('a file is read once, a piece at a time, and nothing of it is left in memory', async () => {
  const size = 5 * PIECE_BYTES + 100;
  const all = shake256('once', size);
  const read = [];
  const blob = {
    slice: (from, to) => ({
      async arrayBuffer() {
        read.push(all.slice(from, to).buffer);
        return read.at(-1);
      },
    }),
  };
  for (const engine of [subtle, null]) {
    read.length = 0;
    const { chunks, tree } = await sealAll(new FileSealer({ blob, key: rng(32), size, subtle: engine }));
    assert.deepEqual([chunks.length, hex(tree)], [6, treeHex(all)]);
    assert.equal(read.length, 6);
    for (const buffer of read) assert.ok(new Uint8Array(buffer).every((byte) => byte === 0));
  }
});

test('a file that shrank while it was read is not sent as another', async () => {
  const blob = new Blob([new Uint8Array(100)]);
  const sealer = new FileSealer({ blob, key: rng(32), size: 200, subtle });
  assert.equal(await codeOf(() => sealer.chunk(0)), 'wrong-length');
  assert.equal(await codeOf(() => sealer.chunk(1)), 'RangeError');
});

test('a chunk changed, moved, or of another file does not open', async () => {
  const { sealer, file, server } = await sealed(shake256('two', PIECE_BYTES + 1));
  const chunk = server.get(hex(sealer.chunkId(0)));
  for (const engine of [subtle, null]) {
    const tryOpen = (changes) =>
      codeOf(() => openChunk({ key: file.key, index: 0, total: 2, chunk, subtle: engine, ...changes }));
    assert.equal(await tryOpen({}), null);
    assert.equal(await tryOpen({ chunk: flip(chunk, 0) }), 'cannot-open');
    assert.equal(await tryOpen({ chunk: flip(chunk, CHUNK_BYTES - 1) }), 'cannot-open');
    assert.equal(await tryOpen({ index: 1 }), 'cannot-open');
    assert.equal(await tryOpen({ total: 1 }), 'cannot-open'); // the end cut off
    assert.equal(await tryOpen({ key: rng(32) }), 'cannot-open');
    assert.equal(await tryOpen({ chunk: chunk.slice(1) }), 'wrong-length');
    assert.equal(await tryOpen({ key: rng(16) }), 'wrong-length');
  }
});

test('a file that is not what its sender described', async () => {
  const { file, fetchChunk } = await sealed(shake256('lie', 1000));
  for (const changes of [{ size: 999 }, { size: 1001 }, { chunks: 2 }, { tree: flip(file.tree, 0) }]) {
    const given = { file: { ...file, ...changes }, fetchChunk, subtle };
    assert.equal(await codeOf(() => openFile(given)), 'cannot-open', JSON.stringify(Object.keys(changes)));
  }
});

test('progress and a failed download', async () => {
  const { file, fetchChunk } = await sealed(shake256('progress', 2 * PIECE_BYTES));
  const steps = [];
  await openFile({ file, fetchChunk, subtle, onProgress: (done, total) => steps.push(`${done}/${total}`) });
  assert.deepEqual(steps, ['1/3', '2/3', '3/3']);
  const lost = async () => {
    throw Object.assign(new Error('gone'), { code: 'offline' });
  };
  assert.equal(await codeOf(() => openFile({ file, fetchChunk: lost, subtle })), 'offline');
});
