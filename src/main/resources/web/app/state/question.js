import { isBlank } from './segments.js';

/**
 * The user's last input, if the model has not answered it.
 * @param {readonly import('./transcript.js').Item[]} items
 * @returns {string} empty when nothing is open
 */
export function openQuestion(items) {
  const last = items.findLast((item) => item.role !== 'notice' && !(item.role === 'user' && isBlank(wordsOf(item))));
  return last?.role === 'user' ? wordsOf(last) : '';
}

/** @param {import('./transcript.js').Item} item */
const wordsOf = (item) => item.text || item.interim;
