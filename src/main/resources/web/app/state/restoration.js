import { isBlank } from './segments.js';

/**
 * Merges the service's transcript into the one on screen.
 *
 * The one on screen has more detail (times, sources, the heard part), the service's may have more at the end: the text
 * from the time without a connection. Their items are split differently, so only whole items that agree are matched.
 *
 * @typedef {import('../proto/messages.js').TranscriptEntry} TranscriptEntry
 * @typedef {import('./transcript.js').Item} Item
 *
 * @param {readonly Item[]} items on screen
 * @param {readonly TranscriptEntry[]} entries of the service, the newest part of the conversation
 * @returns {{longer: {index: number, text: string} | null, missing: readonly TranscriptEntry[]}} `longer`: the last item of the
 *   screen, of which the service knows more; `missing`: what comes after it
 */
export function missingEntries(items, entries) {
  const said = items.flatMap((item, index) =>
    (item.role === 'user' || item.role === 'model') && !isBlank(item.text) ? [{ ...item, index }] : [],
  );
  const last = said.at(-1);
  if (!last) return { longer: null, missing: entries };
  const known = plain(last.text);
  const at = entries.findLastIndex((entry) => entry.role === last.role && plain(entry.text).startsWith(known));
  if (at < 0) return { longer: null, missing: [] };
  const text = entries[at].text.trim();
  const longer = plain(text) === known || last.interrupted ? null : { index: last.index, text };
  return { longer, missing: entries.slice(at + 1) };
}

/** @param {string} text */
const plain = (text) => text.replace(/\s+/g, ' ').trim();
