import en from './en.js';

/** @typedef {keyof typeof en} TextId */

/** English is always loaded; other languages on demand. @type {Record<string, Record<TextId, string>>} */
const LOADED = { en };

/** @type {Record<string, () => Promise<{default: Record<TextId, string>}>>} */
const LOADERS = { de: () => import('./de.js') };

export const LANGUAGE_NAMES = Object.freeze({ en: 'English', de: 'Deutsch' });

const SECONDS_FROM_MS = 10_000;

/**
 * The first of the requested languages that is available.
 * @param {readonly string[]} languages BCP 47 tags
 */
export function pickLanguage(languages) {
  for (const tag of languages) {
    const base = tag.toLowerCase().split('-')[0];
    if (base in LANGUAGE_NAMES) return base;
  }
  return 'en';
}

/** Words and figures in one language. */
export class Words {
  /**
   * Fetches the texts if need be.
   * @param {string} language one of {@link LANGUAGE_NAMES}
   */
  static async load(language) {
    const loader = LOADERS[language];
    if (loader && !(language in LOADED)) LOADED[language] = (await loader()).default;
    return new Words(language);
  }

  #texts;
  #number;
  #precise;
  #time;
  #percent;
  #moment;

  /** @param {string} language its texts must have been loaded; else they are English */
  constructor(language) {
    this.language = language;
    this.#texts = LOADED[language] ?? en;
    this.#number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    this.#precise = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
    this.#percent = new Intl.NumberFormat(language, { style: 'percent' });
    this.#moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
    this.#time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  }

  /**
   * @param {string} id
   * @param {Record<string, string | number>} [params]
   */
  text(id, params = {}) {
    const template = this.#texts[/** @type {TextId} */ (id)] ?? en[/** @type {TextId} */ (id)] ?? id;
    return template.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
  }

  /** @param {string} id */
  has(id) {
    return id in this.#texts;
  }

  /**
   * A duration as people read it: from ten seconds on, milliseconds are noise.
   * @param {number | null | undefined} milliseconds
   */
  ms(milliseconds) {
    if (milliseconds === null || milliseconds === undefined) return '–';
    if (milliseconds >= SECONDS_FROM_MS) return `${this.#precise.format(milliseconds / 1000)} s`;
    return `${this.#number.format(milliseconds)} ms`;
  }

  /** @param {number} value */
  number(value) {
    return this.#precise.format(value);
  }

  /** @param {number} value 0 to 1 */
  percent(value) {
    return this.#percent.format(value);
  }

  /** @param {number} bitsPerSecond */
  rate(bitsPerSecond) {
    return `${this.#number.format(bitsPerSecond / 1000)} kbit/s`;
  }

  /** @param {number} wall */
  clock(wall) {
    return this.#time.format(wall);
  }

  /** Day and time. @param {number} wall */
  moment(wall) {
    return this.#moment.format(wall);
  }

  /** Minutes and seconds. @param {number} milliseconds */
  duration(milliseconds) {
    const seconds = Math.round(milliseconds / 1000);
    if (seconds < 60) return `${seconds} s`;
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
  }
}
