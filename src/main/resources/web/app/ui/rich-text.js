/**
 * Markdown of finished answers. The libraries are fetched when the first answer contains markup, so most conversations
 * never load them; what they produce is sanitised before it reaches the page.
 */

/** Signs that a text is more than a text: emphasis, lists, headings, code, links, tables. */
const MARKUP = /(\*\*|__|`|^#{1,6} |^\s*[-*+] |^\s*\d+\. |\[[^\]]+\]\(|^\|)/m;

export class RichText {
  #changed;
  /** @type {typeof import('./markdown.js').render | null} */
  #render = null;
  #asked = false;
  /** @type {WeakMap<object, HTMLElement>} */
  #cache = new WeakMap();
  /** @type {import('../i18n/index.js').Words | null} of the cached answers */
  #words = null;

  /** @param {() => void} changed the libraries have arrived */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Whether the libraries are there. */
  get ready() {
    return this.#render !== null;
  }

  /**
   * @param {import('../state/transcript.js').Item} item finished
   * @param {import('../i18n/index.js').Words} words
   * @returns {HTMLElement | null} null when plain text serves as well
   */
  of(item, words) {
    if (!MARKUP.test(item.text)) return null;
    if (!this.#render) {
      void this.#load();
      return null;
    }
    if (words !== this.#words) this.#cache = new WeakMap();
    this.#words = words;
    let rendered = this.#cache.get(item);
    if (rendered === undefined) {
      rendered = this.#render(item.text, { copy: words.text('action.copy'), copied: words.text('action.copied') });
      this.#cache.set(item, rendered);
    }
    return rendered;
  }

  async #load() {
    if (this.#asked) return;
    this.#asked = true;
    try {
      const { render } = await import('./markdown.js');
      this.#render = render;
      this.#changed();
    } catch (error) {
      // The plain text is on screen and stays there.
      console.warn('Markdown is not available', error);
    }
  }
}
