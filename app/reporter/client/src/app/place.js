// Where this page was loaded from, and what follows from that.

/** @import { Page } from './page.js' */

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** @param {Location} location */
const isOnion = (location) => location.hostname.endsWith('.onion');
/** @param {Location} location */
const isLoopback = (location) => LOOPBACK.test(location.hostname);

/**
 * May words leave from here? Never over plain http on the open web: anyone on the way could have
 * changed the page. An onion address is encrypted by Tor itself; loopback is this machine.
 * @param {Location} location
 */
export function maySend(location) {
  return location.protocol === 'https:' || isOnion(location) || isLoopback(location);
}

/** Can this browser record a voice? Not without a secure context, and not in Tor Browser. */
export const canRecord = () =>
  Boolean(globalThis.MediaRecorder && globalThis.AudioContext && navigator.mediaDevices?.getUserMedia);

/**
 * Where "Leave this page" leads. From an onion address or this machine: a plain page of our own,
 * so that no other site learns that a reporter left from here.
 * @param {Location} location
 * @param {Pick<Page, 'plain' | 'exit'>} page
 */
export function exitAddress(location, page) {
  return isOnion(location) || isLoopback(location) ? page.plain : page.exit;
}
