/** @typedef {import('./transcript.js').Item} Item */

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
