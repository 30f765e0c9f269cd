import { problem } from '../net/errors.js';

/** Loading of the audio worklets. Their files come from the service, which may be gone since the page was loaded. */

/** Time between two attempts while the service cannot be reached. */
const RETRY_MS = 2000;

/**
 * @param {BaseAudioContext} context
 * @param {string} url of the module
 * @param {(url: string) => Promise<boolean>} reaches whether the file can be fetched
 * @throws {import('../net/errors.js').Problem} `unreachable` if it cannot; else the browser's error
 */
export async function loadWorklet({ audioWorklet }, url, reaches) {
  try {
    await audioWorklet.addModule(url);
  } catch (error) {
    if (await reaches(url)) throw error;
    throw problem('unreachable', 'network', { detail: String(error) });
  }
}

/**
 * Tries until the service can be reached.
 * @param {BaseAudioContext} context
 * @param {string} url
 * @param {import('../platform/environment.js').PageEnvironment} environment
 * @param {() => boolean} wanted whether another attempt is useful
 * @throws {unknown} the browser's error; or `unreachable` when the module is no longer wanted
 */
export async function loadWorkletPatiently(context, url, { reaches, clock }, wanted) {
  for (let attempt = 0; ; attempt++) {
    try {
      // A browser may remember that an address failed.
      await loadWorklet(context, attempt === 0 ? url : `${url}?attempt=${attempt}`, reaches);
      return;
    } catch (error) {
      const { id } = /** @type {Partial<import('../net/errors.js').Problem>} */ (error);
      if (id !== 'unreachable' || !wanted()) throw error;
    }
    await new Promise((resume) => clock.after(RETRY_MS, () => resume(undefined)));
  }
}
