import { Lazy } from './lazy.js';

/** Views that are fetched when they are first needed. */
export class Parts {
  /** @param {import('lit').LitElement} host */
  constructor(host) {
    /** Function calls and code. @type {Lazy<typeof import('./tool-card.js')>} */
    this.cards = new Lazy(host, async () => (await import('./later.js')).cards);
    /** Camera and screen. @type {Lazy<typeof import('./previews.js')>} */
    this.previews = new Lazy(host, async () => (await import('./later.js')).previews);
    /** The menus beside the controls. @type {Lazy<typeof import('./device-menus.js')>} */
    this.menus = new Lazy(host, async () => (await import('./later.js')).menus);
  }
}
