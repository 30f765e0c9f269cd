import { PLAIN_CONFIGURATION } from '../configuration.js';
import { problem } from './errors.js';

/** The configuration of the service, for an element on a page that has none. */

const PATH = '/live/config';
const RESPONSE_TIMEOUT_MS = 10_000;

/**
 * @param {string} service its address; empty for the page's
 * @param {string} page the origin of the page
 * @param {typeof globalThis.fetch} [fetch]
 * @returns {Promise<import('../state/setup.js').PageConfiguration>}
 * @throws {import('./errors.js').Problem} `origin` if pages of this origin may not connect, `target` if the service has no
 *   address, else `unreachable`
 */
export async function fetchConfiguration(service, page, fetch = globalThis.fetch) {
  const unreachable = (/** @type {string} */ why) =>
    problem('unreachable', 'network', { detail: `configuration: ${why}` });
  /** @type {URL} */
  let url;
  try {
    url = new URL(PATH, new URL(service, page));
  } catch (error) {
    throw problem('target', 'page', { retry: 'never', detail: String(error) });
  }
  /** @type {Response} */
  let answer;
  /** @type {any} */
  let body;
  try {
    answer = await fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS) });
    body = await answer.json();
  } catch (error) {
    // No answer, one that this page may not read, or one of a proxy.
    throw unreachable(`${url.origin}: ${error}`);
  }
  if (body?.error?.code === 'origin') {
    throw problem('origin', 'page', {
      params: { message: String(body.error.message) },
      detail: `${page} at ${url.origin}: HTTP ${answer.status}`,
    });
  }
  if (!answer.ok || !isConfiguration(body)) throw unreachable(`${url.origin}: HTTP ${answer.status}`);
  return { ...PLAIN_CONFIGURATION, ...body };
}

/** @param {any} body */
function isConfiguration(body) {
  const texts = [body?.endpoint, body?.captureUrl, body?.playbackUrl, body?.sessionUrl];
  return (
    texts.every((text) => typeof text === 'string') &&
    Array.isArray(body.models) &&
    Array.isArray(body.agents) &&
    typeof body.limits?.framesPerSecond === 'number'
  );
}
