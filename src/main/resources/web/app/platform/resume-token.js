/**
 * The newest resume token of the conversation. Opaque; stored for this tab only, so that it survives a reload. Without
 * storage it is kept until the page is closed.
 */

const PREFIX = 'livebridge.resume';
/** A token that expires sooner is not used: it could expire before it arrives. */
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
   * @param {() => number} wall wall clock; it continues across a reload
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null} storage
   * @param {string} [name] identifies the conversation on a page with several
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
   * Stores a new token.
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
      // Storage is full or disabled: this page can resume, a reloaded page can't.
    }
  }

  forget() {
    this.#kept = null;
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // Storage is disabled; there is nothing to remove.
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
