/** Waits between attempts to come back: 0.5 to 8 s with full jitter, so that a restarted service is not stormed. */

const BASE_MS = [500, 1000, 2000, 4000, 8000];
/** A wait of nothing at all would make the countdown flicker. */
const LEAST_MS = 100;

/**
 * @param {number} attempt counts from 1
 * @param {() => number} [random] 0 to 1
 * @returns {number} milliseconds
 */
export function retryDelay(attempt, random = Math.random) {
  const base = BASE_MS[Math.min(attempt, BASE_MS.length) - 1];
  return LEAST_MS + Math.round((base - LEAST_MS) * random());
}
