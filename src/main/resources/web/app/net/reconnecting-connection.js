import { retryDelay } from './backoff.js';
import { Connection } from './connection.js';
import { asProblemOf, automaticAttempts, closeProblem, concernsPerson, problem, serviceProblem } from './errors.js';

/**
 * The connection to the service across reconnects. Transient failures are retried a limited number of times, refusals are
 * not. With a resume token the new connection resumes the conversation.
 *
 * @typedef {import('./errors.js').Problem} Problem
 * @typedef {import('../proto/messages.js').ServiceMessage} ServiceMessage
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').PageEnvironment} environment
 * @property {(begins: boolean) => Promise<import('./connection.js').Target>} target address and subprotocols; called for each
 *   attempt with whether it begins a conversation
 * @property {(url: string, begins: boolean) => Promise<Problem | null>} whyRefused why the service has refused an upgrade
 * @property {() => Record<string, unknown>} setup Gemini's setup object
 * @property {import('../platform/resume-token.js').ResumeToken} token
 * @property {import('../state/event-log.js').EventLog} [events]
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {import('../metrics/clock.js').ServiceClock} serviceClock
 *
 * @typedef {object} Listener
 * @property {(message: Extract<ServiceMessage, {type: 'ready'}>) => void} onReady
 * @property {(message: ServiceMessage) => void} onMessage messages for the conversation
 * @property {(frame: Extract<import('../proto/frames.js').AudioFrame, {ok: true}>) => void} onAudio
 * @property {() => void} onMigrating the service has requested a reconnect (`migrate`); the old connection stays open until the new one is ready
 * @property {() => void} onResumeRefused the service has refused the token; a new session begins
 * @property {() => void} onClosed a connection was closed; onLost, onRefused or onResumeRefused follows
 * @property {(retry: {attempt: number, retryAt: number, renewing: boolean, cause: string}) => void} onLost `cause`: id of
 *   the problem
 * @property {() => void} onRetrying
 * @property {(cause: Problem) => void} onRefused
 * @property {(trouble: Problem) => void} onTrouble an error that does not end the connection
 * @property {(slow: boolean) => void} onSlow
 */

/** A connection that was ready for this long resets the count of attempts. */
const STABLE_MS = 10_000;
/** Up to this many consecutive shorter connections reset it, too. */
const MAX_BRIEF = 3;
/** Upper bound of the service's `retryAfter` for automatic attempts. */
const MAX_WAIT_MS = 60_000;

export class ReconnectingConnection {
  #parts;
  #listener;
  /** @type {Connection | null} */
  #connection = null;
  /** The previous connection during a migration; its messages count until the new one is ready. @type {Connection | null} */
  #former = null;
  /** Attempts since the last connection that counts as a success. */
  #attempt = 0;
  /** Consecutive connections that became ready but did not last. */
  #brief = 0;
  /** Time of the last `ready`; null before it and after the connection was lost. @type {number | null} */
  #readyAt = null;
  #session = '';
  /** Whether the current attempt uses a resume token. */
  #resuming = false;
  /** Incremented by every close and attempt; a target of an older generation is ignored. */
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
    const generation = ++this.#generation;
    /** @type {import('./connection.js').Target} */
    let target;
    try {
      target = await this.#parts.target(this.#parts.token.value === null);
    } catch (error) {
      const cause = asProblemOf(error, () =>
        problem('unreachable', 'network', { retry: 'auto', detail: String(error) }),
      );
      if (generation === this.#generation) this.#lost(cause);
      return;
    }
    if (generation !== this.#generation || this.#connection) return;
    try {
      this.#open(target);
    } catch (error) {
      // The browser rejects the address: unknown scheme, or an insecure one on a secure page.
      this.#lost(problem('target', 'page', { retry: 'never', detail: String(error) }));
    }
  }

  /** @param {import('./connection.js').Target} target */
  #open(target) {
    const { environment, latency, serviceClock, token } = this.#parts;
    this.#fatal = null;
    serviceClock.reset();
    const resume = token.value;
    this.#resuming = resume !== null;
    const connection = new Connection(
      resume === null ? target : { ...target, url: resuming(target.url) },
      resume === null ? { setup: this.#parts.setup() } : { resume: { token: resume } },
      {
        onMessage: (message) => this.#message(connection, message),
        onAudio: (frame) => this.#listener.onAudio(frame),
        onClose: (close) => this.#closed(connection, close),
        onSlow: (slow) => this.#listener.onSlow(slow),
        onSent: (bytes) => latency.upRate.add(environment.clock.now(), bytes),
        onDropped: (chunks) => {
          if (connection.ready) latency.droppedChunks += chunks;
        },
      },
      { events: this.#parts.events, clock: environment.clock, openSocket: environment.openSocket },
    );
    this.#connection = connection;
  }

  /** Starts the next attempt at once. */
  retryNow() {
    if (this.#connection) return;
    this.#cancelRetry?.();
    void this.connect();
  }

  /** @param {{forGood?: boolean}} [how] if not for good, the service keeps the conversation for a while */
  close(how) {
    this.#generation++;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#former?.close(how);
    this.#former = null;
    this.#connection?.close(how);
    this.#connection = null;
    this.#attempt = 0;
    this.#brief = 0;
    this.#readyAt = null;
  }

  /**
   * @param {Connection} connection
   * @param {ServiceMessage} message
   */
  #message(connection, message) {
    const { serviceClock, latency, environment, token } = this.#parts;
    switch (message.type) {
      case 'ready':
        this.#readyAt = this.#parts.environment.clock.now();
        this.#session = message.session;
        // A token can be used once.
        token.forget();
        this.#former?.close({ forGood: false });
        this.#former = null;
        this.#listener.onReady(message);
        return;
      case 'resumeToken':
        if (connection === this.#connection) token.keep(message.token, message.expiresInMs);
        return;
      case 'migrate':
        if (connection === this.#connection) this.#migrate(message);
        return;
      case 'pong':
        if (connection !== this.#connection) return;
        latency.roundTrip.add(serviceClock.add(message.t, message.received, message.sent, environment.clock.now()));
        return;
      case 'error': {
        if (connection !== this.#connection) return;
        const trouble = serviceProblem(message, this.#session);
        if (message.fatal) this.#fatal = trouble;
        else if (concernsPerson(message.code)) this.#listener.onTrouble(trouble);
        return;
      }
      case 'malformed':
        latency.malformedFrames++;
        return;
      default:
        this.#listener.onMessage(message);
    }
  }

  /** @param {{token: string, expiresInMs: number}} message */
  #migrate({ token, expiresInMs }) {
    this.#parts.token.keep(token, expiresInMs);
    this.#former?.close({ forGood: false });
    this.#former = this.#connection;
    this.#connection = null;
    this.#listener.onMigrating();
    void this.connect();
  }

  /**
   * @param {Connection} connection
   * @param {{code: number, reason: string, opened: boolean}} close
   */
  #closed(connection, close) {
    if (connection === this.#former) {
      this.#former = null;
      return;
    }
    this.#connection = null;
    this.#listener.onClosed();
    const cause = this.#fatal ?? closeProblem(close);
    if (this.#resuming && !connection.ready && cause.retry !== 'auto' && cause.retry !== 'later') {
      this.#parts.token.forget();
      this.#listener.onResumeRefused();
      void this.connect();
      return;
    }
    if (cause.id === 'unreachable') void this.#refused(connection, cause);
    else this.#lost(cause);
  }

  /**
   * The upgrade was refused, or nothing answered.
   * @param {Connection} connection
   * @param {Problem} cause
   */
  async #refused({ url }, cause) {
    const generation = this.#generation;
    const reason = await this.#parts.whyRefused(url, !this.#resuming);
    if (generation === this.#generation && !this.#connection) this.#lost(reason ?? cause);
  }

  /** @param {Problem} cause */
  #lost(cause) {
    const { environment, token } = this.#parts;
    if (cause.retry !== 'auto') {
      // The conversation continues in another tab; this tab must not resume it automatically.
      if (cause.id === 'moved') token.forget();
      this.#listener.onRefused(cause);
      return;
    }
    const { clock, random } = environment;
    if (this.#readyAt !== null) {
      this.#brief = clock.now() - this.#readyAt >= STABLE_MS ? 0 : this.#brief + 1;
      if (this.#brief <= MAX_BRIEF) this.#attempt = 0;
    }
    this.#readyAt = null;
    if (this.#attempt++ >= automaticAttempts(cause)) {
      this.#listener.onRefused({ ...cause, retry: 'again' });
      return;
    }
    // No back-off: a draining instance already spreads the reconnects over time.
    const atOnce = this.#attempt === 1 && cause.id === 'drain' && token.value !== null;
    const requested = Math.min(cause.retryAfterMs ?? 0, MAX_WAIT_MS);
    const delay = atOnce ? 0 : Math.max(requested, retryDelay(this.#attempt, random));
    this.#listener.onLost({
      attempt: this.#attempt,
      retryAt: clock.now() + delay,
      renewing: cause.id === 'drain',
      cause: cause.id,
    });
    this.#cancelRetry?.();
    this.#cancelRetry = clock.after(delay, () => {
      this.#listener.onRetrying();
      void this.connect();
    });
  }
}

/**
 * Says before the upgrade that no new conversation begins: one that goes on needs no further place among the caller's.
 * @param {string} url
 */
function resuming(url) {
  const address = new URL(url);
  address.searchParams.set('resume', '');
  return address.href;
}
