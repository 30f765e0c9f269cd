/** @typedef {import('./state/setup.js').PageConfiguration} PageConfiguration */

/** The configuration without an embedded one. @type {PageConfiguration} */
export const PLAIN_CONFIGURATION = Object.freeze({
  backend: 'gemini',
  backendLabel: 'Gemini',
  simulated: false,
  endpoint: '/live',
  captureUrl: '',
  playbackUrl: '',
  sessionUrl: '',
  defaultModel: '',
  models: [],
  agents: [],
  developer: false,
  prices: {},
  limits: { maxMessageBytes: 1_048_576, framesPerSecond: 1, maxDurationMs: 7_200_000, idleTimeoutMs: 600_000 },
});

/**
 * What the page wrote into the element, as JSON in a child script element.
 * @param {Element} element
 * @returns {PageConfiguration | null} null where there is none
 * @throws {SyntaxError} the embedded configuration is not JSON
 */
export function embeddedConfiguration(element) {
  const embedded = element.querySelector('script[type="application/json"]')?.textContent;
  return embedded ? { ...PLAIN_CONFIGURATION, ...JSON.parse(embedded) } : null;
}
