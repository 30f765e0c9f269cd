import { asProblemOf, problem, serviceProblem } from './errors.js';

/**
 * Asks the service before a conversation whether it admits the user. A browser sees a refused upgrade only as close code
 * 1006, without a reason.
 *
 * @typedef {object} Session What `GET /api/session` answers; docs/web-client.md has its members.
 * @property {boolean} admitted
 * @property {string} kind of the caller: `person`, `anonymous`, …; empty when refused
 * @property {string} reason why the caller is refused; empty when admitted
 * @property {number | null} retryAfterMs time until another attempt; null if unknown
 * @property {number | null} expiresInMs how long the caller's credential is still good; null for ever
 * @property {string} loginUrl empty when there is no login
 * @property {string} logoutUrl empty without a login
 * @property {string} ticketUrl address of tickets for the running conversation
 * @property {string} usageUrl empty when usage is not counted
 *
 * @typedef {object} UsageLine
 * @property {string} scope the conversations that are counted together
 * @property {string} kind the counted quantity
 * @property {number} used
 * @property {number | null} limit null for none
 * @property {number | null} resetsInMs null if it does not reset by time
 */

/** Timeout of a request. */
const ANSWER_MS = 10_000;
/** A credential that is good for this much longer is still the old one, read by another clock. */
const NO_LONGER_MS = 2000;
const TICKET_PROTOCOL = 'livebridge.ticket.';
/** Reasons that a login ends. */
const LOGIN_HELPS = new Set(['auth_missing', 'auth_invalid', 'auth_expired']);

export class Access {
  #url;
  #fetch;
  #changed;
  /** @type {Session | null} */
  #session = null;
  /** @type {UsageLine[]} */
  #usage = [];

  /**
   * @param {string} url of the question; empty when the service admits everybody that reaches it
   * @param {() => void} changed
   * @param {typeof globalThis.fetch} [fetch]
   */
  constructor(url, changed, fetch = (...request) => globalThis.fetch(...request)) {
    this.#url = url;
    this.#changed = changed;
    this.#fetch = fetch;
  }

  /** The newest answer; null before there was one. */
  get session() {
    return this.#session;
  }

  /** What the caller has used, as last asked for. */
  get usage() {
    return this.#usage;
  }

  /** Where to log in, when that is what is missing; empty otherwise. */
  get loginUrl() {
    const session = this.#session;
    return session && !session.admitted && LOGIN_HELPS.has(session.reason) ? session.loginUrl : '';
  }

  /** Why the caller may not talk, where no login helps; null otherwise. */
  get refusal() {
    const session = this.#session;
    return !session || session.admitted || this.loginUrl ? null : refusalOf(session);
  }

  /**
   * Asks whether the caller may talk.
   * @param {boolean} [begins] whether a conversation is about to begin, so that the caller's limits count, too; one that
   *   is resumed has its place already
   * @throws {import('./errors.js').Problem} the caller may not, or the answer did not come
   */
  async admit(begins = false) {
    if (!this.#url) return;
    this.#session = sessionOf(await this.#json(begins ? `${this.#url}?begins=true` : this.#url, 'GET'));
    this.#changed();
    if (!this.#session.admitted) throw refusalOf(this.#session);
  }

  /** Asks so that the page can say how things stand; what goes wrong is said when a conversation begins. */
  async look() {
    try {
      await this.admit();
    } catch (error) {
      // Refused, which `session` says, or not reachable, which the first attempt to talk finds out.
      asProblemOf(error, () => {
        throw error;
      });
    }
  }

  /**
   * Fetches a new credential for the running conversation before the old one expires.
   * @param {number} inMs time until then; the new one must be good for longer
   * @returns {Promise<string>}
   * @throws {import('./errors.js').Problem} there is none
   */
  async renew(inMs) {
    await this.admit();
    const session = this.#session;
    if (session?.expiresInMs !== null && session && session.expiresInMs <= inMs + NO_LONGER_MS) {
      this.#session = { ...session, admitted: false, reason: 'auth_expired' };
      throw refusalOf(this.#session);
    }
    const protocols = record(await this.#json(session?.ticketUrl ?? '', 'POST')).protocols;
    const ticket = Array.isArray(protocols)
      ? protocols.find((name) => typeof name === 'string' && name.startsWith(TICKET_PROTOCOL))
      : undefined;
    if (!ticket) throw problem('ticket.broken', 'network', { detail: 'ticket: none in the answer' });
    return ticket;
  }

  /** Asks what the caller has used. */
  async count() {
    const url = this.#session?.usageUrl;
    if (!url) return;
    try {
      this.#usage = usageOf(await this.#json(url, 'GET'));
    } catch (error) {
      // The panel shows no figures then.
      asProblemOf(error, () => {
        throw error;
      });
      this.#usage = [];
    }
    this.#changed();
  }

  /**
   * @param {string} url
   * @param {'GET' | 'POST'} method
   * @returns {Promise<unknown>}
   * @throws {import('./errors.js').Problem}
   */
  async #json(url, method) {
    const unavailable = (/** @type {string} */ detail) =>
      problem('access_unavailable', 'network', { retry: 'auto', detail: `access: ${detail}` });
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await this.#fetch(url, { method, credentials: 'same-origin', redirect: 'manual', signal });
      if (answer.ok) return await answer.json();
      throw unavailable(`HTTP ${answer.status}`);
    } catch (error) {
      // What the answer says is not repeated: it may hold a part of a credential.
      throw asProblemOf(error, () => unavailable(/** @type {Error} */ (error)?.name ?? 'failed'));
    }
  }
}

/** @param {Session} session */
function refusalOf({ reason, retryAfterMs }) {
  return {
    ...serviceProblem({ code: reason, retryAfter: retryAfterMs }),
    source: /** @type {'network'} */ ('network'),
  };
}

/** @param {unknown} answer @returns {Session} */
function sessionOf(answer) {
  const m = record(answer);
  const admitted = m.admitted === true;
  return {
    admitted,
    kind: text(m.kind),
    reason: admitted ? '' : text(m.reason) || 'access_unavailable',
    retryAfterMs: positive(m.retryAfterMs),
    expiresInMs: typeof m.expiresInMs === 'number' ? m.expiresInMs : null,
    loginUrl: path(m.loginUrl),
    logoutUrl: path(m.logoutUrl),
    ticketUrl: path(m.ticketUrl),
    usageUrl: path(m.usageUrl),
  };
}

/** @param {unknown} answer @returns {UsageLine[]} */
function usageOf(answer) {
  const { limits } = record(answer);
  return (Array.isArray(limits) ? limits : []).map(record).map((m) => ({
    scope: text(m.scope),
    kind: text(m.kind),
    used: positive(m.used) ?? 0,
    limit: typeof m.limit === 'number' ? m.limit : null,
    resetsInMs: positive(m.resetsInMs),
  }));
}

/** A path of this service; anything else would lead the person elsewhere. @param {unknown} value */
function path(value) {
  return typeof value === 'string' && /^\/[a-z/-]+$/.test(value) && !value.startsWith('//') ? value : '';
}

/** @param {unknown} value @returns {Record<string, unknown>} */
function record(value) {
  return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value : '';
}

/** @param {unknown} value */
function positive(value) {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}
