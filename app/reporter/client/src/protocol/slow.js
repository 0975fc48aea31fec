/**
 * What a page without WebCrypto needs instead: AES-GCM and PBKDF2 by noble, the same bytes. A file
 * of its own (dist/slow.js), imported only there.
 */
export { gcm } from '@noble/ciphers/aes.js';
export { pbkdf2 } from '@noble/hashes/pbkdf2.js';
