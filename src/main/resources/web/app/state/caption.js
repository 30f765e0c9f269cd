/** UTF-16 units of the large captions: about two lines. */
const LENGTH = 110;

/** What an answer writes and does not say: code blocks, also one that is not complete yet, and the lines of tables. */
const UNSPOKEN = [/```[\s\S]*?(?:```|$)/gu, /^[ \t]*\|.*$/gmu];

/**
 * The newest words of a text in Markdown, as a caption.
 * @param {string} text
 * @returns {string} one line without markup; may be empty
 */
export function newestWords(text) {
  const words = UNSPOKEN.reduce((rest, pattern) => rest.replace(pattern, ' '), text)
    .replace(/^[ \t]*(?:#{1,6}|[-*+>])[ \t]+/gmu, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/\*\*|`/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  if (words.length <= LENGTH) return words;
  // From a word on, if the language has spaces.
  return words.slice(-LENGTH).replace(/^\S*\s(?=.)/u, '');
}
