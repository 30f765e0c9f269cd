import de from './de.js';
import en from './en.js';

/** @typedef {keyof typeof en} TextId */

/** @type {Record<string, Record<TextId, string>>} */
const LANGUAGES = { en, de };

export const LANGUAGE_NAMES = Object.freeze({ en: 'English', de: 'Deutsch' });

/**
 * The first of the wished languages that we speak.
 * @param {readonly string[]} wished BCP 47 tags
 */
export function pickLanguage(wished) {
  for (const tag of wished) {
    const base = tag.toLowerCase().split('-')[0];
    if (base in LANGUAGES) return base;
  }
  return 'en';
}

/** Words and figures in one language. */
export class Words {
  #texts;
  #number;
  #precise;
  #time;
  #percent;

  /** @param {string} language one of {@link LANGUAGE_NAMES} */
  constructor(language) {
    this.language = language;
    this.#texts = LANGUAGES[language] ?? en;
    this.#number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    this.#precise = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
    this.#percent = new Intl.NumberFormat(language, { style: 'percent' });
    this.#time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
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

  /** @param {number | null | undefined} milliseconds */
  ms(milliseconds) {
    return milliseconds === null || milliseconds === undefined ? '–' : `${this.#number.format(milliseconds)} ms`;
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

  /** Minutes and seconds. @param {number} milliseconds */
  duration(milliseconds) {
    const seconds = Math.round(milliseconds / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
  }
}
