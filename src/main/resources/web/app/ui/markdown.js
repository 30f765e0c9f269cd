import DOMPurify from 'dompurify';
import { Marked } from 'marked';

/** The language of a code block, as the model names it. */
const LANGUAGE = /^[\w+#.-]{1,20}/;
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
    image: ({ text }) => escaped(`[${text}]`),
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    code: ({ text, lang }) => {
      const name = LANGUAGE.exec(lang ?? '')?.[0] ?? '';
      return `<pre${name && ` data-lang="${name}"`}><code>${escaped(text)}\n</code></pre>`;
    },
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
 * @param {{copy: string, copied: string}} words
 * @returns {HTMLElement} without scripts, styles, forms, pictures and foreign links
 */
export function render(text, words) {
  const body = document.createElement('div');
  body.className = 'body rich';
  body.dir = 'auto';
  body.append(sanitised(/** @type {string} */ (marked.parse(text))));
  for (const pre of body.querySelectorAll('pre')) {
    const place = document.createElement('div');
    pre.replaceWith(place);
    place.replaceWith(codeBlock(pre, words));
  }
  for (const table of body.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'wide';
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
  return body;
}

/**
 * @param {HTMLElement} pre
 * @param {{copy: string, copied: string}} words
 */
function codeBlock(pre, words) {
  const [block, bar, name] = ['div', 'div', 'span'].map((tag) => document.createElement(tag));
  const button = document.createElement('button');
  block.className = 'code';
  bar.className = 'bar';
  name.textContent = pre.dataset.lang ?? '';
  button.className = 'button quiet';
  button.type = 'button';
  button.textContent = words.copy;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(pre.textContent ?? '');
    button.textContent = words.copied;
  });
  pre.tabIndex = 0;
  bar.append(name, button);
  block.append(bar, pre);
  return block;
}

/** @param {string} html */
function sanitised(html) {
  return purifier.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
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
