import { heardParts } from './heard.js';
import { isBlank } from './segments.js';
import { shownJson } from './shown.js';

/**
 * Exports the transcript as a file. Its text is untrusted, and other programs open the file: it must not contain HTML,
 * load pictures, or link to anything but web pages and mail addresses.
 */

/** @typedef {import('./transcript.js').Item} Item */

const SCHEMA = 'livebridge-transcript/1';

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0');

/** Local time of day, as on the screen. @param {number} at */
const clockTime = (at) => {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
};

/** Local date and time for a file's name: `2026-11-27-1615`. @param {number} at */
export function stampOf(at) {
  const time = new Date(at);
  const date = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(two).join('-');
  return `${date}-${two(time.getHours())}${two(time.getMinutes())}`;
}

/**
 * @param {readonly Item[]} items
 * @param {{user: string, model: string, tool: string, interrupted: string, suggestions: string}} names
 */
export function toMarkdown(items, names) {
  const blocks = items.flatMap((item) => {
    if (item.picture) return [];
    if (item.role === 'notice') return [`> ${item.text}`];
    if (item.tool) {
      const { name, args, code } = item.tool;
      if (code !== undefined) {
        const output = item.tool.result === undefined ? '' : `\n\n${fenced(String(item.tool.result))}`;
        return [`**${names.tool}** ${clockTime(item.startedAt)}\n\n${fenced(code)}${output}`];
      }
      const said = args === undefined ? '' : ` ${inlineCode(inertJson(args))}`;
      const answered = item.tool.result === undefined ? '' : ` → ${inlineCode(inertJson(item.tool.result))}`;
      return [`**${names.tool}** ${clockTime(item.startedAt)}\n\n${inlineCode(name)}${said}${answered}`];
    }
    const { heard, unheard } = heardParts(item);
    const cut = isBlank(unheard) ? '' : ` ~~${inertMarkdown(unheard.trim())}~~ (${names.interrupted})`;
    const name = item.role === 'user' ? names.user : names.model;
    const words = `${inertMarkdown(heard.trim())}${cut}`;
    return [`**${name}** ${clockTime(item.startedAt)}\n\n${words}${groundingOf(item, names.suggestions)}`];
  });
  return `${blocks.join('\n\n')}\n`;
}

/**
 * @param {Item} item
 * @param {string} heading of the suggestions
 */
function groundingOf({ sources, suggestions }, heading) {
  const entry = (/** @type {{title: string, uri: string}} */ { title, uri }) =>
    `\n- ${uri === '' ? escapeLabel(title) : `[${escapeLabel(title)}](<${escapeAddress(uri)}>)`}`;
  const lists = [
    sources.map(entry).join(''),
    suggestions.length > 0 ? `\n${heading}:\n${suggestions.map(entry).join('')}` : '',
  ];
  return lists
    .filter(Boolean)
    .map((list) => `\n${list}`)
    .join('');
}

/**
 * Escapes the start of tags, comments, addresses in angle brackets and character references, but not comparisons.
 * @param {string} words
 */
const escapeHtml = (words) => words.replace(/&(?=#?\w+;)/g, '&amp;').replace(/(?<!\w\s)<|<(?!\s)/g, '&lt;');

/**
 * Keeps the model's Markdown, without HTML, pictures, and links to anything but web pages and mail addresses. Escapes in
 * code, too: programs disagree on where code ends.
 * @param {string} words
 */
function inertMarkdown(words) {
  return escapeHtml(words)
    .replaceAll('![', '!\\[')
    .replace(/\](?=\(\s*[\w+.\\-]*:)(?!\(\s*(?:https?:\/\/|mailto:))/gi, '&#93;')
    .replace(/\](?=:\s*[\w+.\\-]*:)(?!:\s*(?:https?:\/\/|mailto:))/gi, '&#93;');
}

/** @param {string} code */
const inlineCode = (code) => `\`${code.replaceAll('`', '\u02cb').replaceAll('<', '\u2039').replace(/\s+/g, ' ')}\``;
/** @param {string} code */
const fenced = (code) => `~~~\n${inertMarkdown(code.replaceAll('~~~', '~\u200b~~'))}\n~~~`;
/** @param {string} label */
const escapeLabel = (label) =>
  escapeHtml(label)
    .replace(/[[\]\\`!*_~]/g, '\\$&')
    // Some programs remove the backslashes and then parse the label again.
    .replaceAll('](', ']&#40;')
    .replace(/\s+/g, ' ');
/**
 * Percent-encodes the characters that have a meaning in Markdown or HTML; keeps the brackets of an IPv6 host.
 * @param {string} address
 */
function escapeAddress(address) {
  const [host = ''] = /^https?:\/\/(?:\[[\da-f:.]+\])?/i.exec(address) ?? [];
  const percent = (/** @type {string} */ sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return host + address.slice(host.length).replace(/[<>()[\]!*_~`\\"'\s]/g, percent);
}

/**
 * JSON that contains no HTML, wherever it is embedded.
 * @param {string} json
 */
const inert = (json) =>
  json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** @param {unknown} value */
const inertJson = (value) => inert(shownJson(value));

/**
 * @param {readonly Item[]} items
 * @param {{session: string | null, model: string | null}} about
 */
export function toJson(items, about) {
  const shown = items
    .filter(({ picture }) => !picture)
    .map((item) => (item.tool ? { ...item, tool: sayable(item.tool) } : item));
  return inert(JSON.stringify({ schema: SCHEMA, ...about, items: shown }, null, 2));
}

/**
 * Arguments and results that JSON can't represent are omitted; the rest is exported.
 * @param {import('./transcript.js').ToolUse} tool
 */
function sayable(tool) {
  return shownJson(tool) === '…' ? { id: tool.id, name: tool.name, args: null } : tool;
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
  const spoken = items.filter((item) => (item.role === 'user' || item.role === 'model') && !isBlank(item.text));
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
    .replace(/\s*[\r\n]\s*/g, '\n');
}
