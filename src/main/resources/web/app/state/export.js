/** The transcript as a file. */

/** @typedef {import('./transcript.js').Item} Item */

const SCHEMA = 'livebridge-transcript/1';

/**
 * What of an item was said and what of it was heard.
 * @param {Item} item
 * @returns {{heard: string, unheard: string}}
 */
export function heardParts(item) {
  if (!item.interrupted) return { heard: item.text, unheard: '' };
  const cut = item.heardChars ?? 0;
  return { heard: item.text.slice(0, cut), unheard: item.text.slice(cut) };
}

/** @param {number} at */
const clockTime = (at) => new Date(at).toISOString().slice(11, 19);

/**
 * @param {readonly Item[]} items
 * @param {{user: string, model: string, tool: string, interrupted: string}} names
 */
export function toMarkdown(items, names) {
  const blocks = items.flatMap((item) => {
    if (item.role === 'notice') return [`> ${item.text}`];
    if (item.tool) {
      return [`**${names.tool}** ${clockTime(item.startedAt)}\n\n\`${item.tool.name}\` ${inlineCode(item.tool.args)}`];
    }
    const { heard, unheard } = heardParts(item);
    const cut = unheard.trim() ? ` ~~${unheard.trim()}~~ (${names.interrupted})` : '';
    const sources = item.sources.map((source) => `\n- [${escapeLabel(source.title)}](<${source.uri}>)`).join('');
    const name = item.role === 'user' ? names.user : names.model;
    return [`**${name}** ${clockTime(item.startedAt)}\n\n${heard.trim()}${cut}${sources && `\n${sources}`}`];
  });
  return `${blocks.join('\n\n')}\n`;
}

/** @param {unknown} value */
const inlineCode = (value) => (value === undefined ? '' : `\`${JSON.stringify(value).replaceAll('`', '\u02cb')}\``);
/** @param {string} label */
const escapeLabel = (label) => label.replace(/[[\]\\]/g, '\\$&');

/**
 * @param {readonly Item[]} items
 * @param {{session: string | null, model: string | null}} about
 */
export function toJson(items, about) {
  return JSON.stringify({ schema: SCHEMA, ...about, items }, null, 2);
}

/** @param {number} milliseconds */
function cueTime(milliseconds) {
  const total = Math.max(0, Math.round(milliseconds));
  const pad = (/** @type {number} */ value, width = 2) => String(value).padStart(width, '0');
  const hours = Math.floor(total / 3_600_000);
  const minutes = Math.floor(total / 60_000) % 60;
  const seconds = Math.floor(total / 1000) % 60;
  return `${pad(hours)}:${pad(minutes)}:${pad(seconds)}.${pad(total % 1000, 3)}`;
}

/**
 * Captions, timed from the first item; each lasts at least a second.
 * @param {readonly Item[]} items
 * @param {{user: string, model: string}} names
 */
export function toVtt(items, names) {
  const spoken = items.filter((item) => (item.role === 'user' || item.role === 'model') && item.text.trim());
  const origin = spoken[0]?.startedAt ?? 0;
  const cues = spoken.map((item, index) => {
    const start = item.startedAt - origin;
    const end = Math.max(start + 1000, (item.endedAt ?? item.startedAt) - origin);
    const name = item.role === 'user' ? names.user : names.model;
    const words = escapeCue(heardParts(item).heard.trim());
    return `${index + 1}\n${cueTime(start)} --> ${cueTime(end)}\n<v ${escapeCue(name)}>${words}`;
  });
  return `WEBVTT\n\n${cues.join('\n\n')}\n`;
}

/** @param {string} words */
function escapeCue(words) {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\s*\n\s*/g, '\n');
}
