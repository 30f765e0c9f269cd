/** Fakes for what the platform layer is given. */

/** A manual clock. */
export class FakeClock {
  #now = 0;
  /** @type {{at: number, run: () => void, every: number | null}[]} */
  #timers = [];

  now = () => this.#now;
  wall = () => 1_700_000_000_000 + this.#now;

  after = (/** @type {number} */ ms, /** @type {() => void} */ run) => this.#add(ms, run, null);
  every = (/** @type {number} */ ms, /** @type {() => void} */ run) => this.#add(ms, run, ms);

  /** Timers that still wait. */
  get pending() {
    return this.#timers.length;
  }

  /** @param {number} ms */
  advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.every === null) this.#timers.splice(this.#timers.indexOf(next), 1);
      else next.at += next.every;
      next.run();
    }
    this.#now = end;
  }

  /**
   * @param {number} ms
   * @param {() => void} run
   * @param {number | null} every
   */
  #add(ms, run, every) {
    const timer = { at: this.#now + ms, run, every };
    this.#timers.push(timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }
}

/** The socket as the connection uses it; the test plays the service. */
export class FakeSocket {
  binaryType = 'blob';
  bufferedAmount = 0;
  /** @type {(string | ArrayBuffer)[]} */
  sent = [];
  /** @type {number | null} */
  closedWith = null;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((event: {data: string | ArrayBuffer}) => void) | null} */
  onmessage = null;
  /** @type {((event: {code: number, reason: string}) => void) | null} */
  onclose = null;

  /** @param {string | ArrayBuffer} data */
  send(data) {
    this.sent.push(data);
  }

  close(code = 1005) {
    this.closedWith = code;
  }

  open() {
    this.onopen?.();
  }

  /** @param {Record<string, unknown> | ArrayBuffer} message */
  receive(message) {
    this.onmessage?.({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }

  /**
   * @param {number} code
   * @param {string} [reason]
   */
  lose(code, reason = '') {
    this.onclose?.({ code, reason });
  }

  /** @returns {Record<string, unknown>[]} text frames */
  get texts() {
    return this.sent
      .filter((frame) => typeof frame === 'string')
      .map((frame) => JSON.parse(/** @type {string} */ (frame)));
  }

  /** @returns {ArrayBuffer[]} binary frames */
  get binaries() {
    return this.sent.filter((frame) => frame instanceof ArrayBuffer);
  }

  /** @returns {WebSocket} */
  asSocket() {
    return /** @type {WebSocket} */ (/** @type {unknown} */ (this));
  }
}

/** `ready`, as the service says it. */
export const READY = Object.freeze({
  type: 'ready',
  session: 's-1',
  backend: 'simulator',
  model: 'gemini-3.8-live',
  setup: {},
  notices: [],
  t: 0,
});

/**
 * @param {number} samples
 * @param {number} value
 */
export function constant(samples, value) {
  return new Int16Array(samples).fill(value);
}
