import en from './en.js';

/**
 * @typedef {typeof import('./en.js').default & typeof import('./en-panels.js').default} English
 * @typedef {keyof English} TextId
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}} Plural one form for each category of the language
 * @typedef {Record<TextId, string | Plural>} Texts
 */

/** English is always loaded, but for the panels; other languages on demand. @type {Record<string, Partial<Texts>>} */
const LOADED = { en: { ...en } };

/** @type {Record<string, () => Promise<{default: Texts}>>} */
const LOADERS = {
  ar: () => import('./ar.js'),
  de: () => import('./de.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  ja: () => import('./ja.js'),
  pt: () => import('./pt.js'),
  zh: () => import('./zh.js'),
};

/** The languages, as their speakers call them. */
export const LANGUAGE_NAMES = Object.freeze({
  en: 'English',
  ar: 'العربية',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  pt: 'Português',
  zh: '简体中文',
});

/** Adds English texts that come later. @param {Partial<Texts>} texts */
export function addEnglish(texts) {
  Object.assign(LOADED.en, texts);
}

const RIGHT_TO_LEFT = new Set(['ar']);

/** For what is written differently than the language alone tells: the script chooses the shapes of Chinese characters. */
const TAGS = new Map([['zh', 'zh-Hans']]);

const SECONDS_FROM_MS = 10_000;

/** Up to here a time to wait is told in seconds, and up to there in minutes. */
const SECONDS_UP_TO_MS = 90_000;
const MINUTES_UP_TO_MS = 90 * 60_000;

/** Marks that keep a text of another direction apart from what is around it: its own direction, or left to right. */
const ISOLATE = '\u2068';
const ISOLATE_LTR = '\u2066';
const END_ISOLATE = '\u2069';
const LETTERS_RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** @param {string} tag BCP 47 */
const baseOf = (tag) => tag.toLowerCase().split('-')[0];

/**
 * The first of the requested languages that is available.
 * @param {readonly string[]} languages BCP 47 tags
 */
export function pickLanguage(languages) {
  return languages.map(baseOf).find((base) => Object.hasOwn(LANGUAGE_NAMES, base)) ?? 'en';
}

/**
 * The region whose figures and times a person reads: that of the first requested tag of the language.
 * @param {string} language one of {@link LANGUAGE_NAMES}
 * @param {readonly string[]} languages BCP 47 tags
 * @returns {string} a tag that `Intl` accepts
 */
export function pickLocale(language, languages) {
  return languages.find((tag) => baseOf(tag) === language && isTag(tag)) ?? language;
}

/** @param {string} tag */
function isTag(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Words and figures in one language. */
export class Words {
  /**
   * Fetches the texts if need be.
   * @param {string} language one of {@link LANGUAGE_NAMES}
   * @param {string} [locale] the tag for figures and times
   * @returns {Promise<Words>} English ones when the texts cannot be fetched
   */
  static async load(language, locale = language) {
    const loader = LOADERS[language];
    try {
      if (loader && !(language in LOADED)) LOADED[language] = (await loader()).default;
    } catch (error) {
      console.warn(`The texts of the language ${language} could not be fetched; the page stays English.`, error);
      return new Words('en');
    }
    return new Words(language, locale);
  }

  #texts;
  #plural;
  #precise;
  #figure;
  #time;
  #minute;
  #percent;
  #moment;
  #until;

  /**
   * @param {string} language its texts must have been loaded; else they are English
   * @param {string} [locale] the tag for figures and times
   */
  constructor(language, locale = language) {
    this.language = language;
    this.locale = locale;
    /** The value of the attribute `lang`. */
    this.tag = TAGS.get(language) ?? language;
    /** The value of the attribute `dir`. @type {'ltr' | 'rtl'} */
    this.direction = RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr';
    this.#texts = LOADED[language] ?? LOADED.en;
    this.#plural = new Intl.PluralRules(locale);
    this.#precise = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    // The signs of units are Latin, and so are the digits before them.
    this.#figure = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, numberingSystem: 'latn' });
    this.#percent = new Intl.NumberFormat(locale, { style: 'percent' });
    this.#moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
    this.#time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
    this.#minute = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
    this.#until = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  }

  /**
   * @param {string} id
   * @param {Record<string, string | number>} [params] `count` chooses the form of the plural
   */
  text(id, params = {}) {
    /** @type {string | Plural} */
    const entry = this.#texts[/** @type {TextId} */ (id)] ?? LOADED.en[/** @type {TextId} */ (id)] ?? id;
    const template =
      typeof entry === 'string' ? entry : (entry[this.#plural.select(Number(params.count))] ?? entry.other);
    return template.replace(/\{(\w+)\}/g, (whole, name) => this.#shown(params[name] ?? whole));
  }

  /** @param {string | number} value */
  #shown(value) {
    if (typeof value === 'number') return this.number(value);
    return this.direction === 'rtl' || LETTERS_RTL.test(value) ? `${ISOLATE}${value}${END_ISOLATE}` : value;
  }

  /** @param {string} id */
  has(id) {
    return id in this.#texts;
  }

  /**
   * A measured time: from ten seconds on, milliseconds are noise.
   * @param {number | null | undefined} milliseconds
   */
  ms(milliseconds) {
    if (milliseconds === null || milliseconds === undefined) return '–';
    return milliseconds >= SECONDS_FROM_MS
      ? this.#measure(milliseconds / 1000, 's')
      : this.#measure(Math.round(milliseconds), 'ms');
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
    return this.#measure(Math.round(bitsPerSecond / 1000), 'kbit/s');
  }

  /** @param {number} wall */
  clock(wall) {
    return this.#time.format(wall);
  }

  /** Time without seconds. @param {number} wall */
  minute(wall) {
    return this.#minute.format(wall);
  }

  /** Day and time. @param {number} wall */
  moment(wall) {
    return this.#moment.format(wall);
  }

  /** How long something lasted, in hours, minutes and seconds. @param {number} milliseconds */
  duration(milliseconds) {
    const seconds = Math.round(milliseconds / 1000);
    const parts = [
      this.#unit(Math.floor(seconds / 3600), 'hour'),
      this.#unit(Math.floor(seconds / 60) % 60, 'minute'),
      this.#unit(seconds % 60, 'second'),
    ].filter(Boolean);
    if (parts.length === 0) return this.#unit(0, 'second', true);
    return new Intl.ListFormat(this.locale, { type: 'unit', style: 'long' }).format(parts);
  }

  /** When something will be, as "in 5 seconds". @param {number} milliseconds from now on */
  until(milliseconds) {
    if (milliseconds <= SECONDS_UP_TO_MS) return this.#until.format(Math.ceil(milliseconds / 1000), 'second');
    return milliseconds <= MINUTES_UP_TO_MS
      ? this.#until.format(Math.ceil(milliseconds / 60_000), 'minute')
      : this.#until.format(Math.ceil(milliseconds / 3_600_000), 'hour');
  }

  /**
   * @param {number} value
   * @param {'hour' | 'minute' | 'second'} unit
   * @param {boolean} [zero] whether nothing is told, too
   */
  #unit(value, unit, zero = false) {
    if (value === 0 && !zero) return '';
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  }

  /**
   * A figure with the sign of its unit, left to right in any text.
   * @param {number} value
   * @param {string} unit
   */
  #measure(value, unit) {
    const text = `${this.#figure.format(value)} ${unit}`;
    return this.direction === 'rtl' ? `${ISOLATE_LTR}${text}${END_ISOLATE}` : text;
  }
}
