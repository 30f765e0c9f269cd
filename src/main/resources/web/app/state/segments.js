/**
 * Segments text between grapheme clusters and between words of its language. White space separates words in some
 * languages only, and a character may consist of several UTF-16 units.
 *
 * `Intl.Segmenter` does the work (Unicode Standard Annex 29, with dictionaries for Chinese, Japanese, Thai, Lao, Khmer
 * and Burmese). Browsers without it get an approximation that never splits a cluster.
 */

/**
 * @typedef {object} Segmenters
 * @property {(text: string) => Iterable<{index: number, segment: string}>} graphemes
 * @property {(text: string) => Iterable<{index: number, segment: string, isWordLike?: boolean}>} words
 */

/** A cluster, approximately: flags in pairs, emoji with modifiers and joiners, a character with its marks. */
const CLUSTER =
  /\r\n|\p{RI}\p{RI}|(?:\p{Extended_Pictographic}|\P{M})(?:[\p{M}\p{EMod}\u{e0020}-\u{e007f}]|\u200d\p{Extended_Pictographic}?)*|\p{M}+/gsu;
/** Scripts that are written without spaces between words; there a cluster stands for a word. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}]/u;
/** Signs that close what stands before them: they belong to the word they follow. */
const CLOSING = /^(?:(?![¿¡])[\p{Pe}\p{Pf}\p{Po}])+$/u;
const WORD_LIKE = /[\p{L}\p{N}]/u;

/** @param {string} text */
function* approximateGraphemes(text) {
  for (const { 0: segment, index } of text.matchAll(CLUSTER)) yield { index, segment };
}

/** @param {string} text */
function* approximateWords(text) {
  let start = 0;
  let word = '';
  for (const { index, segment } of approximateGraphemes(text)) {
    const inWord = WORD_LIKE.test(segment) && !UNSPACED.test(segment);
    if (inWord || (word !== '' && /^['’]$/.test(segment))) {
      if (word === '') start = index;
      word += segment;
      continue;
    }
    if (word !== '') yield { index: start, segment: word, isWordLike: true };
    word = '';
    yield { index, segment, isWordLike: WORD_LIKE.test(segment) };
  }
  if (word !== '') yield { index: start, segment: word, isWordLike: true };
}

/** @type {Segmenters} */
export const APPROXIMATE = Object.freeze({ graphemes: approximateGraphemes, words: approximateWords });

/**
 * @param {string} [language] a BCP 47 tag; an unknown or malformed one counts as none
 * @param {{Segmenter?: typeof Intl.Segmenter}} [intl]
 * @returns {Segmenters}
 */
export function segmentersFor(language = '', intl = Intl) {
  const { Segmenter } = intl;
  if (!Segmenter) return APPROXIMATE;
  const make = (/** @type {'grapheme' | 'word'} */ granularity) => {
    try {
      return new Segmenter(language || undefined, { granularity });
    } catch {
      // A RangeError: the tag is not one.
      return new Segmenter(undefined, { granularity });
    }
  };
  const graphemes = make('grapheme');
  const words = make('word');
  return { graphemes: (text) => piecewise(graphemes, text), words: (text) => piecewise(words, text) };
}

/** Text given to `Intl.Segmenter` at once, UTF-16 units. */
const WINDOW = 512;
/** Segments at the end of a window that are looked at again with what follows them. */
const HELD_BACK = 3;

/**
 * The segments of a text, one window after the other: in V8 each step of a segmenter takes time that grows with the length
 * of its whole input, so that 100,000 characters at once would take a minute.
 * @param {Intl.Segmenter} segmenter
 * @param {string} text
 */
function* piecewise(segmenter, text) {
  let start = 0;
  while (start < text.length) {
    const window = text.slice(start, start + WINDOW);
    const segments = [...segmenter.segment(window)];
    const last = start + window.length >= text.length;
    // A single segment that fills a window is no text of a person; it is cut at the window's last segment border.
    const whole = last ? segments : segments.slice(0, Math.max(1, segments.length - HELD_BACK));
    for (const { index, segment, isWordLike } of whole) yield { index: start + index, segment, isWordLike };
    start += whole.reduce((length, { segment }) => length + segment.length, 0);
  }
}

/**
 * The end of the heard part of a text: the end of the word in which the played share of its characters ends. A partly
 * spoken word counts as heard, with the punctuation after it.
 * @param {string} text
 * @param {number} share of the text, 0 to 1
 * @param {Segmenters} segmenters
 * @returns {number} UTF-16 units, at the border of a grapheme cluster
 */
export function heardLength(text, share, segmenters) {
  const starts = Array.from(segmenters.graphemes(text), ({ index }) => index);
  const count = Math.round(starts.length * Math.min(1, Math.max(0, share)));
  if (count === 0) return 0;
  if (count === starts.length) return text.length;
  const position = starts[count];
  let end = 0;
  for (const { index, segment, isWordLike } of segmenters.words(text)) {
    if (index >= position && (isWordLike || !CLOSING.test(segment))) break;
    end = index < position && !isWordLike && /\s/.test(segment) ? position : index + segment.length;
  }
  // A word of the dictionary may end inside a cluster; the whole cluster counts as heard.
  return starts.find((start) => start >= end) ?? text.length;
}

/**
 * The beginning of a text, with an ellipsis where something is left out.
 * @param {string} text
 * @param {number} most grapheme clusters
 * @param {Segmenters} [segmenters]
 */
export function shorten(text, most, segmenters = segmentersFor()) {
  if (text.length <= most) return text;
  let count = 0;
  for (const { index } of segmenters.graphemes(text)) {
    if (count++ === most) return `${text.slice(0, index)}…`;
  }
  return text;
}

/**
 * Whether nothing of a text can be seen: white space, controls and characters without a shape.
 * @param {string} text
 */
export function isBlank(text) {
  return /^[\s\p{Cc}\p{Cf}]*$/u.test(text);
}
