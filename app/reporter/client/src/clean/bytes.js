// Reading numbers and names out of bytes, with the ends minded: files come from anywhere, broken
// ones among them. Whatever is not as it should be throws Unreadable.

/** Known by its mark, not by its class: dist/clean.js, dist/pdf.js and dist/office.js have one each. */
export class Unreadable extends Error {
  unreadable = true;
}

/** A view of `bytes` that throws Unreadable outside its ends. */
export function reader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const within = (at, size) => {
    if (at < 0 || at + size > bytes.length) throw new Unreadable('past the end');
  };
  return {
    length: bytes.length,
    u8: (at) => (within(at, 1), bytes[at]),
    u16: (at, little = false) => (within(at, 2), view.getUint16(at, little)),
    u32: (at, little = false) => (within(at, 4), view.getUint32(at, little)),
    u64: (at) => (within(at, 8), view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4)),
    text: (at, size) => (within(at, size), String.fromCharCode(...bytes.subarray(at, at + size))),
    part: (at, size) => (within(at, size), bytes.subarray(at, at + size)),
  };
}

/** The bytes of a Blob, or of a copy of one (see patches.js), from `from` to `to`. */
export async function bytesOf(blob, from = 0, to = blob.size) {
  if (blob.read) return blob.read(from, to);
  return new Uint8Array(await blob.slice(from, to).arrayBuffer());
}
