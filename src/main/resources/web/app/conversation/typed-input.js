import { Kind } from '../proto/frames.js';

/**
 * Sends typed texts, and pictures from files, to the service. What comes before the connection is ready waits for it.
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').Clock} clock
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {() => import('../net/connection.js').Connection | null} connection
 * @property {() => void} sent a text was sent
 */

/** Pictures wait this long while the network is busy. */
const BUSY_MS = 300;

export class TypedInput {
  #parts;
  /** @type {(string | ArrayBuffer)[]} */
  #waiting = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Number of texts and pictures that wait for the connection. */
  get waiting() {
    return this.#waiting.length;
  }

  /** @param {string} words */
  send(words) {
    if (!this.#transmit(words)) this.#waiting.push(words);
  }

  /** @param {ArrayBuffer} jpeg */
  picture(jpeg) {
    const { connection, clock } = this.#parts;
    const open = connection();
    if (!open?.ready) this.#waiting.push(jpeg);
    else if (!open.picture(Kind.CAMERA, jpeg)) clock.after(BUSY_MS, () => this.picture(jpeg));
  }

  /** The connection is ready. */
  ready() {
    for (const item of this.#waiting.splice(0)) {
      if (typeof item === 'string') this.#transmit(item);
      else this.picture(item);
    }
  }

  /** Sends a text again that is already on screen. @param {string} words */
  again(words) {
    this.#transmit(words);
  }

  /** Discards the waiting texts for a new conversation. */
  clear() {
    this.#waiting = [];
  }

  /** @param {string} text */
  #transmit(text) {
    const { connection, latency, clock, sent } = this.#parts;
    if (!connection()?.send({ text })) return false;
    latency.asked('text', clock.now());
    sent();
    return true;
  }
}
