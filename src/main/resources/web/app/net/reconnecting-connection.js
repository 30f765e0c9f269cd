import { retryDelay } from './backoff.js';
import { Connection } from './connection.js';
import { asProblemOf, automaticAttempts, closeProblem, concernsPerson, problem, serviceProblem } from './errors.js';

/**
 * The way to the service, over several connections. Endings that go by themselves are tried again, a bounded number of
 * times; what the service refused is not. While a token is at hand a new connection takes the conversation up where it was.
 *
 * @typedef {import('./errors.js').Problem} Problem
 * @typedef {import('../proto/messages.js').ServiceMessage} ServiceMessage
 *
 * @typedef {object} Parts
 * @property {import('../platform/environment.js').PageEnvironment} environment
 * @property {() => Promise<import('./connection.js').Target>} target where to connect; asked anew for each attempt
 * @property {() => Record<string, unknown>} setup Gemini's setup object
 * @property {import('../platform/resume-token.js').ResumeToken} token
 * @property {import('../metrics/latency.js').Latency} latency
 * @property {import('../metrics/clock.js').ServiceClock} serviceClock
 *
 * @typedef {object} Listener
 * @property {(message: Extract<ServiceMessage, {type: 'ready'}>) => void} onReady
 * @property {(message: ServiceMessage) => void} onMessage what concerns the conversation
 * @property {(frame: Extract<import('../proto/frames.js').AudioFrame, {ok: true}>) => void} onAudio
 * @property {() => void} onMigrating the service asked us to connect anew, and we do; nothing is lost yet
 * @property {() => void} onResumeRefused the service does not take the conversation up again; a new one begins
 * @property {() => void} onClosed a connection ended; what becomes of it follows
 * @property {(retry: {attempt: number, retryAt: number, renewing: boolean, reached: boolean}) => void} onLost `reached`:
 *   there was a connection that could be lost
 * @property {() => void} onRetrying
 * @property {(cause: Problem) => void} onRefused
 * @property {(trouble: Problem) => void} onTrouble an error that leaves the connection alone
 * @property {(slow: boolean) => void} onSlow
 */

/** A connection that held for this long was a good one: what happens to it then counts anew. */
const STABLE_MS = 10_000;
/** So many that did not hold, one after the other, count anew all the same. */
const MAX_BRIEF = 3;
/** The longest wait that the service may ask for and that is waited out unasked. */
const MAX_WAIT_MS = 60_000;

export class ReconnectingConnection {
  #parts;
  #listener;
  /** @type {Connection | null} */
  #connection = null;
  /** The one that is being moved away from; it is heard until the new one is ready. @type {Connection | null} */
  #former = null;
  /** Attempts since the last connection that counts as a success. */
  #attempt = 0;
  /** Connections in a row on which the service was there and did not stay. */
  #brief = 0;
  /** When the service was last there; null before it was, and after the connection was lost. @type {number | null} */
  #readyAt = null;
  #session = '';
  /** Whether the running attempt takes a conversation up again. */
  #resuming = false;
  /** Bumped by every close and attempt, so that an address which arrives later is not used. */
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
      target = await this.#parts.target();
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
      // The browser does not accept the address: no such scheme, or an unsafe one on a safe page.
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
      { clock: environment.clock, openSocket: environment.openSocket },
    );
    this.#connection = connection;
  }

  /** Does not wait for the next attempt. */
  retryNow() {
    if (this.#connection) return;
    this.#cancelRetry?.();
    void this.connect();
  }

  /** @param {{forGood?: boolean}} [how] not for good: the service may keep the conversation for a while */
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
        // Each token is good for one use, and this was it.
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
    this.#lost(cause);
  }

  /** @param {Problem} cause */
  #lost(cause) {
    const { environment, token } = this.#parts;
    if (cause.retry !== 'auto') {
      // Taking it back from where the person went on with it is for the person to decide, and needs no token.
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
    // Instances that restart spread their conversations over time themselves.
    const atOnce = this.#attempt === 1 && cause.id === 'drain' && token.value !== null;
    const requested = Math.min(cause.retryAfterMs ?? 0, MAX_WAIT_MS);
    const delay = atOnce ? 0 : Math.max(requested, retryDelay(this.#attempt, random));
    this.#listener.onLost({
      attempt: this.#attempt,
      retryAt: clock.now() + delay,
      renewing: cause.id === 'drain',
      reached: cause.id !== 'unreachable' && !cause.id.startsWith('ticket.'),
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
