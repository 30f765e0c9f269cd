import { nothing } from 'lit';

/**
 * The panel that is open, and where the focus goes when it closes. Panels are fetched when the first one is opened.
 *
 * @typedef {'developer' | 'settings' | 'help' | 'account'} PanelName
 */

export class OpenPanel {
  #host;
  /** @type {'' | PanelName} */
  #name = '';
  /** @type {typeof import('./panels.js') | null} */
  #panels = null;
  /** @type {Element | null} */
  #returnFocus = null;

  /** @param {import('../gemini-live.js').GeminiLive} host */
  constructor(host) {
    this.#host = host;
  }

  get name() {
    return this.#name;
  }

  view() {
    return this.#name && this.#panels ? this.#panels.panelView(this.#host) : nothing;
  }

  /** @param {PanelName} name */
  async toggle(name) {
    if (this.#name === name) {
      this.close();
      return;
    }
    const root = /** @type {ShadowRoot} */ (this.#host.renderRoot);
    if (!this.#name) this.#returnFocus = root.activeElement;
    this.#name = name;
    await this.#load(root);
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    /** @type {HTMLElement | null} */ (root.querySelector('.panel h2'))?.focus();
  }

  close() {
    this.#name = '';
    this.#host.requestUpdate();
    const target = this.#returnFocus;
    this.#returnFocus = null;
    // What had the focus is inert until the next rendering.
    if (target instanceof HTMLElement) void this.#host.updateComplete.then(() => target.focus());
  }

  /** @param {ShadowRoot} root */
  async #load(root) {
    if (this.#panels) return;
    const { panels } = await import('./later.js');
    const { styleSheet } = panels.styles;
    if (!this.#panels && styleSheet) root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet];
    this.#panels = panels;
  }
}
