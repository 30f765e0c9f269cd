/** @typedef {import('./transcript.js').Item} Item */

/**
 * Splits an item's text into the part that was played and the part that was not.
 * @param {Item} item
 * @returns {{heard: string, unheard: string}}
 */
export function heardParts(item) {
  if (!item.interrupted) return { heard: item.text, unheard: '' };
  const cut = item.heardChars ?? 0;
  return { heard: item.text.slice(0, cut), unheard: item.text.slice(cut) };
}
