/** @typedef {import('./state/setup.js').PageConfiguration} PageConfiguration */

/** What the element believes when its page tells it nothing. @type {PageConfiguration} */
export const PLAIN_CONFIGURATION = Object.freeze({
  backend: 'gemini',
  backendLabel: 'Gemini',
  simulated: false,
  endpoint: '/live',
  sessionUrl: '',
  defaultModel: '',
  models: [],
  limits: { maxMessageBytes: 1_048_576, framesPerSecond: 1, maxDurationMs: 7_200_000, idleTimeoutMs: 600_000 },
});

/**
 * What the page wrote into the element, as JSON in a child script element.
 * @param {Element} element
 * @returns {PageConfiguration | null} null where there is none
 * @throws {SyntaxError} it is not JSON, which only who wrote the page can mend
 */
export function embeddedConfiguration(element) {
  const embedded = element.querySelector('script[type="application/json"]')?.textContent;
  return embedded ? { ...PLAIN_CONFIGURATION, ...JSON.parse(embedded) } : null;
}
