/** Readers for untrusted JSON: a value of an unexpected type counts as absent. */

/** @param {unknown} value */
export const text = (value) => (typeof value === 'string' ? value : '');
/** @param {unknown} value */
export const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
/** @param {unknown} value */
export const numberOrNull = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
/** @param {unknown} value @returns {Record<string, unknown>} */
export const record = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : {};
/** @param {unknown} value @returns {unknown[]} */
export const list = (value) => (Array.isArray(value) ? value : []);
