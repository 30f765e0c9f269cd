/**
 * Where to connect. A ticket, where one is asked for, is fetched anew each time and goes along as a subprotocol: an
 * address ends up in logs, a subprotocol does not.
 *
 * @param {string} endpoint relative to the page
 * @param {string} ticketUrl empty for none
 * @returns {Promise<import('./connection.js').Target>}
 */
export async function findTarget(endpoint, ticketUrl) {
  const url = new URL(endpoint, location.href);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  if (!ticketUrl) return { url: url.href, protocols: [] };
  const answer = await fetch(ticketUrl, { method: 'POST', credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
  const { protocols } = await answer.json();
  return { url: url.href, protocols };
}
