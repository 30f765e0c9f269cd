/**
 * A part of the page that is fetched when it is first needed, with its style sheet.
 *
 * @template {{styles?: import('lit').CSSResult}} Module
 */
export class Lazy {
  #host;
  #load;
  /** @type {Module | null} */
  #module = null;
  #asked = false;

  /**
   * @param {import('lit').LitElement} host rendered again when the part is there
   * @param {() => Promise<Module>} load
   */
  constructor(host, load) {
    this.#host = host;
    this.#load = load;
  }

  /** Whether the part is there. */
  get ready() {
    return this.#module !== null;
  }

  /** The part; null while it is fetched, and when that failed. */
  get module() {
    if (!this.#asked) void this.fetch();
    return this.#module;
  }

  async fetch() {
    if (this.#asked) return;
    this.#asked = true;
    try {
      const module = await this.#load();
      const root = /** @type {ShadowRoot} */ (this.#host.renderRoot);
      const sheet = module.styles?.styleSheet;
      if (sheet) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      this.#module = module;
      this.#host.requestUpdate();
    } catch (error) {
      // What is on screen without the part stays there.
      console.warn('A part of the page is not available', error);
    }
  }
}
