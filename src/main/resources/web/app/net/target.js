import { problem, ticketProblem } from './errors.js';

/** Timeout of the ticket request. */
const TICKET_MS = 10_000;
/** An entry of `Sec-WebSocket-Protocol`: a token of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]{1,4096}$/;
const MOST_PROTOCOLS = 8;

/**
 * The address and the subprotocols of the WebSocket. If there is a ticket server, a new ticket is fetched each time and
 * sent as a subprotocol: addresses are logged, subprotocols are not.
 *
 * @param {string} endpoint relative to the page
 * @param {string} ticketUrl empty for none
 * @param {typeof globalThis.fetch} [fetch]
 * @param {number} [timeoutMs]
 * @returns {Promise<import('./connection.js').Target>}
 * @throws {import('./errors.js').Problem} the ticket request failed, or the ticket is invalid
 */
export async function findTarget(endpoint, ticketUrl, fetch = globalThis.fetch, timeoutMs = TICKET_MS) {
  /** @type {URL} */
  let url;
  try {
    url = new URL(endpoint, location.href);
  } catch (error) {
    throw problem('target', 'page', { retry: 'never', detail: String(error) });
  }
  url.protocol = url.protocol.replace(/^http/, 'ws');
  return { url: url.href, protocols: ticketUrl ? await ticket(ticketUrl, fetch, timeoutMs) : [] };
}

/**
 * @param {string} ticketUrl
 * @param {typeof globalThis.fetch} fetch
 * @param {number} timeoutMs
 * @returns {Promise<string[]>} subprotocols
 */
async function ticket(ticketUrl, fetch, timeoutMs) {
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
