import { retryDelay } from './backoff.js';
import { Connection } from './connection.js';
import { closeProblem, problem, serviceProblem } from './errors.js';

/**
 * The way to the service, over as many connections as it takes. Endings that go by themselves are tried again; what the
 * service refused is not.
 *
 * @typedef {import('./errors.js').Problem} Problem
 * @typedef {import('../proto/messages.js').ServiceMessage} ServiceMessage
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').PageEnvironment} environment
 * @property {() => Promise<import('./connection.js').Target>} target where to connect; asked anew for each attempt
 * @property {() => Record<string, unknown>} setup Gemini's setup object
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {import('../metrics/clock.js').ServiceClock} serviceClock
 *
 * @typedef {object} Listener
 * @property {(message: Extract<ServiceMessage, {type: 'ready'}>) => void} onReady
 * @property {(message: ServiceMessage) => void} onMessage what concerns the conversation
 * @property {(frame: Extract<import('../proto/frames.js').AudioFrame, {ok: true}>) => void} onAudio
 * @property {() => void} onGone a connection ended; what becomes of it follows
 * @property {(retry: {attempt: number, retryAt: number, renewing: boolean}) => void} onLost
 * @property {() => void} onRetrying
 * @property {(cause: Problem) => void} onRefused
 * @property {(trouble: Problem) => void} onTrouble an error that leaves the connection alone
 * @property {(slow: boolean) => void} onSlow
 */

export class Line {
  #parts;
  #listener;
  /** @type {Connection | null} */
  #connection = null;
  #attempt = 0;
  #session = '';
  /** Bumped by every close, so that an address which arrives later is not used. */
  #generation = 0;
  /** @type {Problem | null} */
  #fatal = null;
  /** @type {(() => void) | null} */
  #cancelRetry = null;

  /**
   * @param {Parts} parts
   * @param {Listener} listener
   */
  constructor(parts, listener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  /** The open or opening connection. */
  get connection() {
    return this.#connection;
  }

  async connect() {
    const { environment, latency, serviceClock } = this.#parts;
    const generation = this.#generation;
    /** @type {import('./connection.js').Target} */
    let target;
    try {
      target = await this.#parts.target();
    } catch (error) {
      const cause = problem('unreachable', 'network', { retry: 'auto', detail: String(error) });
      if (generation === this.#generation) this.#lost(cause);
      return;
    }
    if (generation !== this.#generation || this.#connection) return;
    this.#fatal = null;
    serviceClock.reset();
    this.#connection = new Connection(
      target,
      this.#parts.setup(),
      {
        onMessage: (message) => this.#message(message),
        onAudio: (frame) => this.#listener.onAudio(frame),
        onClose: (close) => this.#closed(close),
        onSlow: (slow) => this.#listener.onSlow(slow),
        onSent: (bytes) => latency.upRate.add(environment.clock.now(), bytes),
        onDropped: (chunks) => {
          if (this.#connection?.ready) latency.droppedChunks += chunks;
        },
      },
      { clock: environment.clock, openSocket: environment.openSocket },
    );
  }

  /** Does not wait for the next attempt. */
  retryNow() {
    if (this.#connection) return;
    this.#cancelRetry?.();
    void this.connect();
  }

  close() {
    this.#generation++;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#connection?.close();
    this.#connection = null;
    this.#attempt = 0;
  }

  /** @param {ServiceMessage} message */
  #message(message) {
    const { serviceClock, latency, environment } = this.#parts;
    switch (message.type) {
      case 'ready':
        this.#attempt = 0;
        this.#session = message.session;
        this.#listener.onReady(message);
        return;
      case 'pong':
        latency.roundTrip.add(serviceClock.add(message.t, message.received, message.sent, environment.clock.now()));
        return;
      case 'error': {
        const trouble = serviceProblem(message, this.#session);
        if (message.fatal) this.#fatal = trouble;
        else this.#listener.onTrouble(trouble);
        return;
      }
      case 'malformed':
        latency.malformedFrames++;
        return;
      default:
        this.#listener.onMessage(message);
    }
  }

  /** @param {{code: number, reason: string, opened: boolean}} close */
  #closed(close) {
    this.#connection = null;
    this.#listener.onGone();
    this.#lost(this.#fatal ?? closeProblem(close));
  }

  /** @param {Problem} cause */
  #lost(cause) {
    if (cause.retry !== 'auto') {
      this.#listener.onRefused(cause);
      return;
    }
    const { clock, random } = this.#parts.environment;
    this.#attempt++;
    const delay = retryDelay(this.#attempt, random);
    this.#listener.onLost({
      attempt: this.#attempt,
      retryAt: clock.now() + delay,
      renewing: cause.id === 'drain',
    });
    this.#cancelRetry?.();
    this.#cancelRetry = clock.after(delay, () => {
      this.#listener.onRetrying();
      void this.connect();
    });
  }
}
