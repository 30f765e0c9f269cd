import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import first from '../../main/resources/web/app/i18n/en.js';
import panels from '../../main/resources/web/app/i18n/en-panels.js';
import { LANGUAGE_NAMES, pickLanguage, pickLocale, Words } from '../../main/resources/web/app/i18n/index.js';

/** @typedef {string | Record<string, string>} Entry */

const en = { ...first, ...panels };

const FOLDER = new URL('../../main/resources/web/app/i18n/', import.meta.url);
const OTHERS = Object.keys(LANGUAGE_NAMES).filter((language) => language !== 'en');

/** Ids of texts that are the same in several languages: names, and words that are spelt alike. */
const ALIKE =
  /^(app\.title|export\.(markdown|json)|tool\.code|latency\.p\d\d|preview\.(rate|size)|settings\.(ms|agent|fps|volume)|source\.(maps|document|image|page)|state\.permission|conversation\.(title|sources)|composer\.label|action\.details|latency\.(buffer|bufferPart|interruption|service|total|measure|model)|settings\.(turnsAuto|default|default|captions)|flag\.simulator|action\.(start|interrupt|sound)|account\.\w+(\.\w+)?)$/;

/** @param {string} language @returns {Promise<Record<string, Entry>>} */
const textsOf = async (language) => (await import(new URL(`${language}.js`, FOLDER).href)).default;

/** @param {Entry} entry */
const formsOf = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry));

/** @param {string} text */
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('each file of texts is an offered language and the other way round', () => {
  const files = readdirSync(FOLDER).filter((name) => name !== 'index.js' && name !== 'en-panels.js');
  assert.deepEqual(files.map((name) => name.replace('.js', '')).sort(), Object.keys(LANGUAGE_NAMES).sort());
  assert.ok(files.length >= 8);
});

for (const language of OTHERS) {
  test(`the texts of ${language} are complete`, async () => {
    const texts = await textsOf(language);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(en).sort());
    for (const [id, entry] of Object.entries(texts)) {
      const english = /** @type {Record<string, Entry>} */ (en)[id];
      assert.equal(typeof entry, typeof english, id);
      for (const form of formsOf(entry)) {
        assert.equal(form.trim(), form, id);
        assert.notEqual(form, '', id);
        // "One" and "two" can be words.
        if (typeof entry === 'string') assert.deepEqual(placeholders(form), placeholders(String(english)), id);
      }
      if (typeof entry === 'string' && !ALIKE.test(id)) assert.notEqual(entry, english, `${id} is not translated`);
      if (typeof entry !== 'string') {
        const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
        assert.deepEqual(Object.keys(entry).sort(), [...categories].sort(), id);
        assert.deepEqual(placeholders(entry.other), placeholders(formsOf(english).at(-1) ?? ''), id);
      }
    }
  });
}

test('no text is in both files of English', () => {
  assert.deepEqual(
    Object.keys(first).filter((id) => id in panels),
    [],
  );
});

test("the browser's languages choose ours, and its region the figures", () => {
  assert.equal(pickLanguage(['nl-NL', 'de-AT', 'en']), 'de');
  assert.equal(pickLanguage(['zh-Hant-TW']), 'zh');
  assert.equal(pickLanguage(['AR-eg', 'en']), 'ar');
  assert.equal(pickLanguage(['nl']), 'en');
  assert.equal(pickLanguage([]), 'en');
  assert.equal(pickLanguage(['constructor', 'toString']), 'en');
  assert.equal(pickLocale('de', ['nl', 'de-CH', 'de']), 'de-CH');
  assert.equal(pickLocale('ar', ['en-GB']), 'ar');
  assert.equal(pickLocale('de', ['de-', 'de-!', 'de-LI']), 'de-LI');
});

test('Arabic has six forms of the plural', async () => {
  const words = await Words.load('ar', 'ar-EG');
  const said = [0, 1, 2, 3, 11, 100].map((count) => words.text('action.jump', { count }));
  assert.deepEqual(said, [
    'لا رسائل جديدة',
    'رسالة جديدة',
    'رسالتان جديدتان',
    '٣ رسائل جديدة',
    '١١ رسالة جديدة',
    '١٠٠ رسالة جديدة',
  ]);
  const english = new Words('en');
  assert.equal(english.text('action.jump', { count: 1 }), '1 new message');
  assert.equal(english.text('action.jump', { count: 1200 }), '1,200 new messages');
});

test('times to wait and durations are in the words of the language', async () => {
  const english = new Words('en');
  assert.equal(
    english.text('caption.reconnecting', { when: english.until(4200) }),
    'Connection lost. Retrying in 5 seconds.',
  );
  assert.equal(english.until(1000), 'in 1 second');
  assert.equal(english.until(90_001), 'in 2 minutes');
  assert.equal(english.until(3 * 3_600_000), 'in 3 hours');
  assert.equal(english.duration(74_000), '1 minute, 14 seconds');
  assert.equal(english.duration(3_600_000), '1 hour');
  assert.equal(english.duration(200), '0 seconds');
  const japanese = await Words.load('ja');
  assert.equal(japanese.text('problem.retryAfter', { when: japanese.until(5000) }), '5 秒後にもう一度お試しください。');
  const german = await Words.load('de', 'de-AT');
  assert.equal(german.text('warning.other', { when: german.until(1000) }), 'Das Gespräch endet in 1 Sekunde.');
});

test('in Arabic figures with units and foreign words stay apart', async () => {
  const words = await Words.load('ar', 'ar-EG');
  assert.equal(words.direction, 'rtl');
  assert.equal(words.ms(342.4), '\u2066342 ms\u2069');
  assert.equal(words.ms(12_340), '\u206612.3 s\u2069');
  assert.equal(words.rate(256_000), '\u2066256 kbit/s\u2069');
  assert.equal(words.ms(null), '–');
  assert.match(words.text('problem.microphone.deaf', { device: 'USB (2)' }), /من \u2068USB \(2\)\u2069\./);
  const english = new Words('en');
  assert.equal(english.direction, 'ltr');
  assert.match(english.text('problem.microphone.deaf', { device: 'ميكروفون' }), /from \u2068ميكروفون\u2069\./);
  assert.match(english.text('problem.microphone.deaf', { device: 'USB' }), /from USB\./);
});

test('a language that is not there is English', () => {
  const words = new Words('xx', 'en');
  assert.equal(words.text('action.send'), 'Send');
  assert.equal(words.text('no.such.text'), 'no.such.text');
});
