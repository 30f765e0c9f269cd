/**
 * The newest token with which a conversation can be taken up again. Opaque; kept for this tab only, so that it survives
 * a reload and nothing else. Where storage is refused it lives as long as the page.
 */

const PREFIX = 'livebridge.resume';
/** A token that ends sooner would be refused on arrival. */
const MARGIN_MS = 2000;

export class ResumeToken {
  #wall;
  #storage;
  #key;
  /** @type {{token: string, until: number, textOnly: boolean} | null} */
  #kept;
  /** Whether the conversation has no microphone; kept with its token. */
  textOnly = false;

  /**
   * @param {() => number} wall wall clock, which goes on over a reload
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null} storage
   * @param {string} [name] tells several conversations of one page apart
   */
  constructor(wall, storage, name = '') {
    this.#wall = wall;
    this.#storage = storage;
    this.#key = name ? `${PREFIX}.${name}` : PREFIX;
    this.#kept = this.#stored();
    this.textOnly = this.#kept?.textOnly ?? false;
  }

  /** @returns {string | null} */
  get value() {
    if (this.#kept && this.#kept.until - MARGIN_MS <= this.#wall()) this.forget();
    return this.#kept?.token ?? null;
  }

  /**
   * Replaces the former one.
   * @param {string} token
   * @param {number} expiresInMs
   */
  keep(token, expiresInMs) {
    if (token === '' || !(expiresInMs > MARGIN_MS)) {
      this.forget();
      return;
    }
    this.#kept = { token, until: this.#wall() + expiresInMs, textOnly: this.textOnly };
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.#kept));
    } catch {
      // No room, or switched off: a reload will begin anew, this page can still go on.
    }
  }

  forget() {
    this.#kept = null;
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // Switched off; there is nothing to remove.
    }
  }

  /** @returns {{token: string, until: number, textOnly: boolean} | null} */
  #stored() {
    try {
      const kept = JSON.parse(this.#storage?.getItem(this.#key) ?? 'null');
      if (typeof kept?.token !== 'string' || typeof kept.until !== 'number') return null;
      return { token: kept.token, until: kept.until, textOnly: kept.textOnly === true };
    } catch {
      return null;
    }
  }
}
