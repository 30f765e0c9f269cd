import DOMPurify from 'dompurify';
import { Marked } from 'marked';

const SAFE_LINK = /^(?:https?|mailto):/i;
/** Tags without attributes that models use where Markdown has no sign of its own. All other HTML is shown as it is written. */
const PLAIN_TAG = /^<\/?(?:br|sub|sup|kbd|b|strong|i|em|u|s|mark)\s*\/?>$/i;
/** What has the direction of its own words. */
const PARAGRAPHS = new Set(['P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'TD', 'TH']);
/** What has the direction of its first word, with all that it holds: bullets, bars and columns stand on one side. */
const FRAMES = new Set(['UL', 'OL', 'TABLE', 'BLOCKQUOTE']);
const RIGHT_TO_LEFT =
  /[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}\p{sc=Samaritan}\p{sc=Mandaic}\p{sc=Adlam}]/u;

/** @param {Element} node */
function directionOf({ tagName, textContent }) {
  if (tagName === 'PRE') return 'ltr';
  if (PARAGRAPHS.has(tagName)) return 'auto';
  if (!FRAMES.has(tagName)) return null;
  return RIGHT_TO_LEFT.test(/\p{L}/u.exec(textContent ?? '')?.[0] ?? '') ? 'rtl' : 'ltr';
}

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const marked = new Marked({
  async: false,
  gfm: true,
  breaks: true,
  renderer: {
    // Escaped before it is parsed: a parser that meets an event handler or a style reports it to the page's policy.
    html: ({ text }) => (PLAIN_TAG.test(text.trim()) ? text : escaped(text)),
    // A picture would be fetched from wherever the text says.
    image: ({ text }) => escaped(text),
  },
});

const purifier = DOMPurify(window);
purifier.addHook('afterSanitizeAttributes', (node) => {
  const direction = directionOf(node);
  if (direction) node.setAttribute('dir', direction);
  if (node.tagName !== 'A') return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
});

/**
 * @param {string} text Markdown of unknown origin
 * @returns {string} HTML without scripts, styles, forms, pictures and foreign links
 */
export function render(text) {
  const html = /** @type {string} */ (marked.parse(text));
  return purifier.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: [
      'style',
      'form',
      'input',
      'button',
      'textarea',
      'select',
      'img',
      'video',
      'audio',
      'source',
      'picture',
    ],
    FORBID_ATTR: ['style', 'class', 'id', 'name'],
    ALLOWED_URI_REGEXP: SAFE_LINK,
  });
}
