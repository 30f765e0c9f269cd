import { problem } from './errors.js';

/** Tickets from a server of the page. Fetched by pages that have one. */

/** An entry of `Sec-WebSocket-Protocol`: a token of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]{1,4096}$/;
const MOST_PROTOCOLS = 8;

/**
 * @param {string} ticketUrl
 * @param {typeof globalThis.fetch} fetch
 * @param {number} timeoutMs
 * @returns {Promise<string[]>} subprotocols
 */
export async function ticket(ticketUrl, fetch, timeoutMs) {
  /** @type {string} */
  let body;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(ticketUrl, { method: 'POST', credentials: 'same-origin', redirect: 'manual', signal });
    if (!answer.ok) throw ticketProblem(answer.status, answer.headers.get('Retry-After'));
    body = await answer.text();
  } catch (error) {
    if (!(error instanceof Error || error instanceof DOMException)) throw error;
    const id = error.name === 'TimeoutError' ? 'ticket.timeout' : 'ticket.unavailable';
    throw problem(id, 'network', { retry: 'auto', detail: `ticket: ${error}` });
  }
  return protocolsOf(body);
}

/** @param {string} body of the ticket server's answer */
function protocolsOf(body) {
  const broken = (/** @type {string} */ why) => problem('ticket.broken', 'network', { detail: `ticket: ${why}` });
  /** @type {unknown} */
  let protocols;
  try {
    protocols = JSON.parse(body)?.protocols;
  } catch {
    // The message omits the answer: it may hold a part of a ticket.
    throw broken('not JSON');
  }
  if (!Array.isArray(protocols) || protocols.length === 0) throw broken('no list of protocols');
  if (protocols.length > MOST_PROTOCOLS) throw broken('too many protocols');
  if (!protocols.every((name) => typeof name === 'string' && TOKEN.test(name))) throw broken('not a protocol name');
  if (new Set(protocols).size < protocols.length) throw broken('a protocol twice');
  return protocols;
}

/**
 * A ticket server that gave no ticket.
 * @param {number} status HTTP; 0 for a redirection, which leads to a login page and not to a ticket
 * @param {string | null} retryAfter its `Retry-After`, in seconds
 * @returns {import('./errors.js').Problem}
 */
export function ticketProblem(status, retryAfter) {
  const detail = status === 0 ? 'ticket: redirected' : `ticket: HTTP ${status}`;
  if (status === 408 || status === 429 || status >= 500) {
    const seconds = Number(retryAfter);
    const retryAfterMs = retryAfter !== null && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
    return problem('ticket.unavailable', 'network', { retry: 'auto', detail, retryAfterMs });
  }
  return problem('ticket.refused', 'network', { detail });
}
