import { problem } from './errors.js';

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
export async function findTarget(endpoint, ticketUrl, fetch = globalThis.fetch, timeoutMs = 10_000) {
  /** @type {URL} */
  let url;
  try {
    url = new URL(endpoint, location.href);
  } catch (error) {
    throw problem('target', 'page', { retry: 'never', detail: String(error) });
  }
  url.protocol = url.protocol.replace(/^http/, 'ws');
  if (!ticketUrl) return { url: url.href, protocols: [] };
  const { ticket } = await import('./ticket.js');
  return { url: url.href, protocols: await ticket(ticketUrl, fetch, timeoutMs) };
}
