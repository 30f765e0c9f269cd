import { DEFAULTS, readSettings } from '../state/setup.js';

/** Settings of this browser. Where storage is refused they live as long as the page. */

const KEY = 'livebridge.settings';

export class SettingsStore {
  /** @type {import('../state/setup.js').Settings} */
  #value = { ...DEFAULTS };
  /** @type {import('../state/setup.js').Settings} */
  #defaults = { ...DEFAULTS };

  get value() {
    return this.#value;
  }

  get defaults() {
    return this.#defaults;
  }

  /** @param {Partial<import('../state/setup.js').Settings>} preset what the page asks for until a person decides */
  load(preset) {
    const presets = Object.fromEntries(Object.entries(preset).filter(([, value]) => value !== ''));
    this.#defaults = { ...DEFAULTS, ...presets };
    this.#value = readSettings({ ...this.#defaults, ...this.#stored() });
  }

  /** @param {Partial<import('../state/setup.js').Settings>} change */
  change(change) {
    this.#value = { ...this.#value, ...change };
    try {
      if (this.#value.remember) localStorage.setItem(KEY, JSON.stringify(this.#chosen()));
      else localStorage.removeItem(KEY);
    } catch {
      // Storage is switched off; the settings still hold for this page.
    }
  }

  /** Without what the page asks for: it may ask for something else next time. */
  #chosen() {
    const defaults = /** @type {Record<string, unknown>} */ (this.#defaults);
    return Object.fromEntries(Object.entries(this.#value).filter(([key, value]) => value !== defaults[key]));
  }

  /** @returns {Record<string, unknown>} */
  #stored() {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? '{}');
    } catch {
      return {};
    }
  }
}
