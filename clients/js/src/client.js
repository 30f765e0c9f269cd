import { ServiceClock } from '../../../src/main/resources/web/app/metrics/clock.js';
import { problem, serviceProblem } from '../../../src/main/resources/web/app/net/errors.js';
import { ReconnectingConnection } from '../../../src/main/resources/web/app/net/reconnecting-connection.js';
import { ResumeToken } from '../../../src/main/resources/web/app/platform/resume-token.js';
import { Kind } from '../../../src/main/resources/web/app/proto/frames.js';

/**
 * A conversation with Gemini through Livebridge, without a user interface: for pages of your own, and for Node.js. It speaks the protocol
 * of `/live`, and resumes the conversation when the connection breaks.
 *
 * @typedef {import('../../../src/main/resources/web/app/net/errors.js').Problem} Problem
 * @typedef {import('../../../src/main/resources/web/app/proto/messages.js').ServiceMessage} ServiceMessage
 *
 * @typedef {object} Options
 * @property {string | URL} url of the service; without a path `/live` is meant. An agent is chosen by `/live?agent=NAME`
 * @property {Record<string, unknown> | (() => Record<string, unknown>)} [setup] Gemini's setup: `model`, `systemInstruction`, `tools`, …
 * @property {() => string[] | Promise<string[]>} [protocols] subprotocols of each connection: `livebridge` and a ticket
 * @property {new (url: string, protocols: string[]) => WebSocket} [WebSocket] an implementation; that of the platform by default
 * @property {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} [storage] keeps the resume token across a reload
 *
 * @typedef {object} Audio of the model
 * @property {number} turn
 * @property {boolean} first chunk of the turn
 * @property {boolean} last chunk of the turn
 * @property {Int16Array} pcm mono, 24,000 samples per second
 *
 * @typedef {{id?: string, name: string, response: Record<string, unknown>}} FunctionResponse
 *
 * @typedef {{[M in ServiceMessage as M['type']]: M}} Messages by type
 *
 * @typedef {object} Happenings
 * @property {Audio} audio
 * @property {ServiceMessage} message each message of the service about the conversation, of any type
 * @property {{attempt: number, inMs: number, cause: string}} lost the connection broke, and is tried again after `inMs`
 * @property {Problem} trouble an error that does not end the conversation
 * @property {Problem | null} closed the conversation has ended: by `close()` (null) or by a problem
 *
 * @typedef {Messages & Happenings} Events
 */

/** A conversation that could not begin, or did not go on; `code` is the id of the problem. */
export class LiveError extends Error {
  /** @param {Problem} cause */
  constructor(cause) {
    super([cause.id, cause.params.message, cause.detail].filter(Boolean).join(': '));
    this.name = 'LiveError';
    this.code = cause.id;
    this.problem = cause;
  }
}

export class LiveClient {
  #options;
  #token;
  #connection;
  /** @type {Map<string, Set<(event: any) => void>>} */
  #listeners = new Map();
  /** Of the promise that {@link connect} returned, until it is settled. @type {{resolve: (ready: Messages['ready']) => void, reject: (error: LiveError) => void} | null} */
  #starting = null;
  #running = false;
  /** Why the last upgrade was refused. @type {Problem | null} */
  #reason = null;

  /**
   * @param {Options} options
   * @throws {TypeError} the address is none, or the platform has no WebSocket
   */
  constructor(options) {
    const url = socketUrl(options.url);
    const Socket = options.WebSocket ?? globalThis.WebSocket;
    if (!Socket) throw new TypeError('This platform has no WebSocket: pass an implementation as the option WebSocket.');
    this.#options = options;
    this.#token = new ResumeToken(Date.now, options.storage ?? null);
    const clock = { now: () => performance.now(), wall: () => Date.now(), after, every };
    const ignored = { add() {} };
    this.#connection = new ReconnectingConnection(
      {
        environment: /** @type {any} */ ({
          clock,
          random: Math.random,
          openSocket: (/** @type {string} */ address, /** @type {string[]} */ protocols) =>
            opened(new Socket(address, protocols)),
        }),
        target: async () => ({ url, protocols: await protocolsOf(options) }),
        whyRefused: async (address) => {
          const credential = options.WebSocket !== undefined || options.protocols !== undefined;
          this.#reason = await whyRefused(address, credential);
          return this.#reason;
        },
        setup: () => (typeof options.setup === 'function' ? options.setup() : (options.setup ?? {})),
        token: this.#token,
        latency: /** @type {any} */ ({ upRate: ignored, roundTrip: ignored, droppedChunks: 0, malformedFrames: 0 }),
        serviceClock: new ServiceClock(),
      },
      {
        onReady: (message) => this.#ready(message),
        onMessage: (message) => this.#message(message),
        onAudio: ({ turn, first, last, pcm }) => this.#emit('audio', { turn, first, last, pcm }),
        onMigrating: () => {},
        // A new session begins by itself; its `ready` has `resumed: false`.
        onResumeRefused: () => {},
        onClosed: () => {},
        onLost: (retry) => this.#lost(retry),
        onRetrying: () => {},
        onRefused: (cause) => this.#end(cause),
        onTrouble: (trouble) => this.#emit('trouble', trouble),
        onSlow: () => {},
      },
    );
  }

  /** Whether the conversation runs, perhaps while its connection is made again. */
  get running() {
    return this.#running;
  }

  /**
   * Begins, or resumes with the token of the storage.
   * @returns {Promise<Messages['ready']>} what the service says of the conversation
   * @throws {LiveError} it did not begin; there is no further attempt
   */
  connect() {
    if (this.#running || this.#starting) throw new TypeError('The conversation runs already.');
    return new Promise((resolve, reject) => {
      this.#starting = { resolve, reject };
      void this.#connection.connect();
    });
  }

  /**
   * @template {keyof Events} K
   * @param {K} type of a message of the service, or one of {@link Happenings}
   * @param {(event: Events[K]) => void} listener
   * @returns {() => void} stops listening
   */
  on(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** A typed turn. @param {string} text @returns {boolean} whether it was sent: not while the connection is made again */
  sendText(text) {
    return this.send({ text });
  }

  /**
   * Speech. What is spoken while the connection is made again is kept for two seconds.
   * @param {Int16Array} pcm mono, 16,000 samples per second, best 320 at once
   */
  sendAudio(pcm) {
    this.#connection.connection?.audio(pcm);
  }

  /**
   * @param {ArrayBuffer} jpeg at most one a second reaches the model
   * @param {'camera' | 'screen'} [source]
   * @returns {boolean} whether it was sent; speech has priority
   */
  sendPicture(jpeg, source = 'camera') {
    const kind = source === 'screen' ? Kind.SCREEN : Kind.CAMERA;
    return this.#connection.connection?.picture(kind, jpeg) ?? false;
  }

  /** Answers to a `toolCall`. @param {FunctionResponse[]} functionResponses @returns {boolean} whether they were sent */
  respond(functionResponses) {
    return this.send({ toolResponse: { functionResponses } });
  }

  /**
   * Any other message of a client: `realtimeInput`, `clientContent`, `contextUpdate`, `auth`, …
   * @param {Record<string, unknown>} message
   * @returns {boolean} whether it was sent
   */
  send(message) {
    return this.#connection.connection?.send(message) ?? false;
  }

  /** Ends the conversation. */
  close() {
    this.#token.forget();
    this.#end(null);
  }

  /** @param {Messages['ready']} message */
  #ready(message) {
    this.#running = true;
    this.#starting?.resolve(message);
    this.#starting = null;
    this.#message(message);
  }

  /** @param {ServiceMessage} message */
  #message(message) {
    this.#emit(message.type, /** @type {any} */ (message));
    this.#emit('message', message);
  }

  /** @param {{attempt: number, retryAt: number, cause: string}} retry */
  #lost({ attempt, retryAt, cause }) {
    if (this.#starting) {
      const reason = this.#reason?.id === cause ? this.#reason : null;
      this.#end(reason ?? problem(cause, 'network', { detail: String(this.#options.url) }));
    } else this.#emit('lost', { attempt, inMs: Math.max(0, retryAt - performance.now()), cause });
  }

  /** @param {Problem | null} cause */
  #end(cause) {
    const starting = this.#starting;
    const ran = this.#running;
    this.#starting = null;
    this.#running = false;
    this.#connection.close();
    starting?.reject(new LiveError(cause ?? problem('closed', 'page', { detail: 'close() was called' })));
    if (ran) this.#emit('closed', cause);
  }

  /**
   * @template {keyof Events} K
   * @param {K} type
   * @param {Events[K]} event
   */
  #emit(type, event) {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(event);
  }
}

/** @param {string | URL} address */
function socketUrl(address) {
  const url = new URL(address, globalThis.location?.href);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  if (!/^wss?:$/.test(url.protocol)) throw new TypeError(`${address} is no address of a service`);
  if (url.pathname === '/') url.pathname = '/live';
  return url.href;
}

/** @param {Options} options */
async function protocolsOf({ protocols }) {
  try {
    return (await protocols?.()) ?? [];
  } catch (error) {
    throw problem('ticket.refused', 'network', { detail: String(error) });
  }
}

/**
 * Asks the service why it refused an upgrade: the socket tells only that it did.
 * @param {string} address of the socket
 * @param {boolean} credential whether the client may have sent one, which this request does not have
 * @returns {Promise<Problem | null>} null if nothing is known
 */
async function whyRefused(address, credential) {
  const ask = (/** @type {string} */ path) =>
    fetch(new URL(path, address.replace(/^ws/, 'http')), { credentials: 'omit', signal: AbortSignal.timeout(5000) });
  try {
    const { reason, message, retryAfterMs } = await (await ask('/api/session?refused=true&begins=true')).json();
    if (typeof reason !== 'string') return null;
    const doubtful = credential && /^auth_|^ambiguous/.test(reason);
    return serviceProblem({ code: doubtful ? 'auth_invalid' : reason, message, retryAfter: retryAfterMs ?? null });
  } catch {
    // Not there, or not for pages of this origin.
    const answer = await ask('/live/config').catch(() => null);
    return answer?.status === 403 ? problem('origin', 'page', { retry: 'never' }) : null;
  }
}

/** @param {WebSocket} socket */
function opened(socket) {
  // A close follows. Without a listener the implementation of Node.js' ws throws the error.
  socket.onerror = () => {};
  return socket;
}

/** @param {number} ms @param {() => void} run */
function after(ms, run) {
  const id = setTimeout(run, ms);
  return () => clearTimeout(id);
}

/** @param {number} ms @param {() => void} run */
function every(ms, run) {
  const id = setInterval(run, ms);
  return () => clearInterval(id);
}
