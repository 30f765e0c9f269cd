import { asProblemOf, problem, serviceProblem } from './errors.js';

/**
 * Checks before a conversation whether the service admits the caller. A browser reports a refused upgrade only as close
 * code 1006, without a reason.
 *
 * @typedef {object} Session The response of `GET /api/session`; docs/web-client.md has its members.
 * @property {boolean} admitted
 * @property {string} kind of the caller: `person`, `anonymous`, …; empty when refused
 * @property {string} reason of the refusal; empty when admitted
 * @property {number | null} retryAfterMs time until another attempt; null if unknown
 * @property {number | null} expiresInMs time until the caller's credential expires; null if it does not expire
 * @property {string} loginUrl empty without a login
 * @property {string} logoutUrl empty without a login
 * @property {string} ticketUrl address of tickets for the running conversation
 * @property {string} usageUrl empty when usage is not counted
 * @property {import('../state/setup.js').AgentTitle[]} agents that the caller may choose
 *
 * @typedef {object} UsageLine
 * @property {string} scope the conversations that are counted together
 * @property {string} kind the counted quantity
 * @property {number} used
 * @property {number | null} limit null without a limit
 * @property {number | null} resetsInMs null if time does not reset it
 */

const RESPONSE_TIMEOUT_MS = 10_000;
/** The next attempt waits for the reason of the last one. */
const REASON_TIMEOUT_MS = 3000;
/** Relative to the socket's address. */
const SESSION_PATH = 'api/session';
const CREDENTIAL = /^auth_|^ambiguous|^access_/;
/** A credential that expires at most this much later is still the old one, measured by another clock. */
const CLOCK_DIFFERENCE_MS = 2000;
const TICKET_PROTOCOL = 'livebridge.ticket.';
/** Reasons for which a login helps. */
const LOGIN_HELPS = new Set(['auth_missing', 'auth_invalid', 'auth_expired']);

export class Access {
  #url;
  #service;
  #fetch;
  #onChanged;
  /** @type {Session | null} */
  #session = null;
  /** @type {UsageLine[]} */
  #usage = [];

  /**
   * @param {string} url of `/api/session`; empty when the service requires no credential. With an origin where the service is
   *   not the page's own
   * @param {() => void} onChanged
   * @param {typeof globalThis.fetch} [fetch]
   */
  constructor(url, onChanged, fetch = (...request) => globalThis.fetch(...request)) {
    this.#url = url;
    this.#service = /^\w+:\/\/[^/]+/.exec(url)?.[0] ?? '';
    this.#onChanged = onChanged;
    this.#fetch = fetch;
  }

  /** The newest response; null before the first one. */
  get session() {
    return this.#session;
  }

  /** The usage of the caller at the last call of `count`. */
  get usage() {
    return this.#usage;
  }

  /** The address of the login, when a login helps; empty otherwise: a browser sends no cookies to another origin. */
  get loginUrl() {
    const session = this.#session;
    return session && !this.#service && !session.admitted && LOGIN_HELPS.has(session.reason) ? session.loginUrl : '';
  }

  /** The refusal, when no login helps; null otherwise. */
  get refusal() {
    const session = this.#session;
    return !session || session.admitted || this.loginUrl ? null : refusalOf(session);
  }

  /**
   * Checks whether the caller may start a conversation.
   * @param {boolean} [begins] whether a conversation starts next, so that the caller's limits are checked, too; a
   *   resumed conversation is already counted
   * @throws {import('./errors.js').Problem} if the caller is refused or the response is missing
   */
  async admit(begins = false) {
    if (!this.#url) return;
    this.#session = sessionOf(await this.#json(begins ? `${this.#url}?begins=true` : this.#url, 'GET'));
    this.#onChanged();
    if (!this.#session.admitted) throw refusalOf(this.#session);
  }

  /** Updates `session` for the page. Errors are shown only when a conversation starts. */
  async look() {
    try {
      await this.admit();
    } catch (error) {
      // Refused: `session` has the reason. Not reachable: the start of a conversation reports it.
      asProblemOf(error, () => {
        throw error;
      });
    }
  }

  /**
   * Fetches a new credential for the running conversation before the old one expires.
   * @param {number} inMs time until the old one expires; the new one must expire later
   * @returns {Promise<string>}
   * @throws {import('./errors.js').Problem} if there is no new credential
   */
  async renew(inMs) {
    await this.admit();
    const session = this.#session;
    if (session?.expiresInMs !== null && session && session.expiresInMs <= inMs + CLOCK_DIFFERENCE_MS) {
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

  /**
   * Asks why the service has refused an upgrade; a browser reports nothing but the refusal.
   * @param {string} socket its address
   * @param {boolean} begins whether it would have begun a conversation
   * @returns {Promise<import('./errors.js').Problem | null>} null if the service names no reason
   */
  async whyRefused(socket, begins) {
    const url = new URL(this.#url || SESSION_PATH, socket.replace(/^ws/, 'http'));
    url.search = String(new URLSearchParams({ refused: 'true', begins: String(begins), origin: location.origin }));
    try {
      const session = sessionOf(await this.#json(url.href, 'GET', REASON_TIMEOUT_MS));
      // Without a credential of its own the page does not ask as the caller of the socket.
      return session.admitted || (!this.#url && CREDENTIAL.test(session.reason)) ? null : refusalOf(session);
    } catch (error) {
      const cause = /** @type {import('./errors.js').Problem} */ (error);
      // A proxy answers, the service does not.
      return /HTTP 50[234]/.test(cause.detail) ? { ...cause, id: 'unavailable' } : null;
    }
  }

  /** Updates `usage`. */
  async count() {
    const url = this.#session?.usageUrl;
    if (!url) return;
    try {
      this.#usage = usageOf(await this.#json(url, 'GET'));
    } catch (error) {
      // The panel shows no usage.
      asProblemOf(error, () => {
        throw error;
      });
      this.#usage = [];
    }
    this.#onChanged();
  }

  /**
   * @param {string} url
   * @param {'GET' | 'POST'} method
   * @param {number} [timeoutMs]
   * @returns {Promise<unknown>}
   * @throws {import('./errors.js').Problem}
   */
  async #json(url, method, timeoutMs = RESPONSE_TIMEOUT_MS) {
    const unavailable = (/** @type {string} */ detail) =>
      problem('access_unavailable', 'network', { retry: 'auto', detail: `access: ${detail}` });
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await this.#fetch(url.startsWith('/') ? this.#service + url : url, {
        method,
        credentials: 'same-origin',
        redirect: 'manual',
        signal,
      });
      if (answer.ok) return await answer.json();
      throw unavailable(`HTTP ${answer.status}`);
    } catch (error) {
      // The text of the response is not repeated, because it may contain a part of a credential.
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
    agents: agentsOf(m.agents),
  };
}

/** @param {unknown} list @returns {import('../state/setup.js').AgentTitle[]} */
function agentsOf(list) {
  return (Array.isArray(list) ? list : [])
    .map(record)
    .map((m) => ({ name: text(m.name), title: text(m.title) || text(m.name) }))
    .filter(({ name }) => name !== '');
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

/** A path of this service; empty for other values, which could lead to another site. @param {unknown} value */
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
