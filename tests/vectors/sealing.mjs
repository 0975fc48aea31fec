/** A whole file sealed, as a page does it chunk by chunk. */
import { keepLeaf, roomForLeaves, treeOf } from '../../app/reporter/client/src/protocol/attachments.js';

/**
 * @param {FileSealer} sealer
 * @returns {Promise<{ids: Uint8Array[], chunks: Uint8Array[], tree: Uint8Array}>}
 */
export async function sealAll(sealer) {
  const ids = [];
  const chunks = [];
  const leaves = roomForLeaves(sealer.size);
  for (let i = 0; i < sealer.total; i++) {
    const { chunk, leaf } = await sealer.chunk(i);
    ids.push(sealer.chunkId(i));
    chunks.push(chunk);
    keepLeaf(leaves, i, leaf);
  }
  return { ids, chunks, tree: treeOf(leaves) };
}
