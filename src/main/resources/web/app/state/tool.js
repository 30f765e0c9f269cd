/**
 * A function call, or code that the model runs, as it is shown.
 *
 * @typedef {import('./transcript.js').Item} Item
 * @typedef {import('./transcript.js').ToolUse} ToolUse
 * @typedef {'running' | 'done' | 'failed' | 'cancelled'} ToolState
 */

/** Words of a summary; the rest is in the opened card. */
const MOST_WORDS = 120;

/** @param {ToolUse} tool @returns {ToolState} */
export function toolState({ result, cancelled, failed }) {
  if (cancelled) return 'cancelled';
  if (result === undefined) return 'running';
  const error = typeof result === 'object' && result !== null && 'error' in result;
  return failed || error ? 'failed' : 'done';
}

/** A name for people: `get_weather` and `getWeather` are "get weather". @param {string} name */
export function toolTitle(name) {
  const words = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[_\-.:]+/g, ' ')
    .trim();
  return words === '' ? name : words.toLowerCase();
}

/** The arguments in one line: `city: Berlin, days: 3`. @param {unknown} args */
export function argumentSummary(args) {
  if (typeof args !== 'object' || args === null) return '';
  const shown = Object.entries(args).map(([name, value]) => `${name}: ${summaryOf(value)}`);
  const line = shown.join(', ');
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}

/** @param {unknown} value */
function summaryOf(value) {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'object' && value !== null) return '{…}';
  return String(value).replace(/\s+/g, ' ').slice(0, MOST_WORDS);
}

/** JSON over several lines; plain text stays as it is. @param {unknown} value */
export function prettyJson(value) {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value, null, 2) ?? '';
  } catch {
    // Circular, too deep, or with a BigInt: it cannot be shown.
    return '…';
  }
}
