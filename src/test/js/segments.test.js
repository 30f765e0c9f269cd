import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  APPROXIMATE,
  heardLength,
  isBlank,
  segmentersFor,
  shorten,
} from '../../main/resources/web/app/state/segments.js';

const FAMILY = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
const ASTRONAUT = '\u{1f469}\u{1f3fd}\u200d\u{1f680}';
const FLAGS = '\u{1f1e9}\u{1f1ea}\u{1f1eb}\u{1f1f7}';
const CLAN = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}';

const TEXTS = new Map([
  ['English', 'I can see a laptop, a mug and a plant on your desk.'],
  ['Chinese', '\u4eca\u5929\u5929\u6c14\u5f88\u597d\uff0c\u6211\u4eec\u53bb\u516c\u56ed\u6563\u6b65\u5427\u3002'],
  ['rare Chinese', '\u{20bb7}\u91ce\u5bb6\u{2000b}\u{20089}\u{2131b}'],
  [
    'Japanese',
    '\u4eca\u65e5\u306f\u5929\u6c17\u304c\u3044\u3044\u306e\u3067\u516c\u5712\u306b\u884c\u304d\u307e\u3057\u3087\u3046',
  ],
  [
    'Thai',
    '\u0e27\u0e31\u0e19\u0e19\u0e35\u0e49\u0e2d\u0e32\u0e01\u0e32\u0e28\u0e14\u0e35\u0e21\u0e32\u0e01\u0e40\u0e23\u0e32\u0e44\u0e1b\u0e40\u0e14\u0e34\u0e19\u0e40\u0e25\u0e48\u0e19',
  ],
  [
    'Hindi',
    '\u0915\u094d\u0937\u0924\u094d\u0930\u093f\u092f \u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u094b\u0938\u094d\u0924',
  ],
  ['marks', 'e\u0301te\u0301 a\u0308\u0301ndern n\u0303o'],
  ['emoji', `${FAMILY}${ASTRONAUT}${FLAGS}${CLAN} ok`],
]);

for (const [kind, segmenters] of /** @type {const} */ ([
  ['Intl.Segmenter', segmentersFor()],
  ['the approximation', APPROXIMATE],
])) {
  for (const [name, text] of TEXTS) {
    test(`${name} is cut between clusters and about where it was cut off, by ${kind}`, () => {
      const borders = new Set([...segmentersFor().graphemes(text)].map(({ index }) => index).concat(text.length));
      const count = borders.size - 1;
      let last = 0;
      for (let heard = 0; heard <= count; heard++) {
        const end = heardLength(text, heard / count, segmenters);
        assert.ok(borders.has(end), `${end} is inside a cluster`);
        assert.ok(end >= last, 'more heard, more kept');
        const clusters = [...borders].filter((border) => border < end).length;
        assert.ok(clusters >= heard && clusters <= heard + 9, `${clusters} for ${heard}`);
        last = end;
      }
      assert.equal(heardLength(text, 0, segmenters), 0);
      assert.equal(heardLength(text, 1, segmenters), text.length);
    });
  }
}

test('a word that was begun counts, with the punctuation behind it', () => {
  const segmenters = segmentersFor();
  const cut = (/** @type {string} */ text, /** @type {number} */ heard) =>
    text.slice(0, heardLength(text, heard / text.length, segmenters));
  assert.equal(cut('Yes, sir. No!', 2), 'Yes,');
  assert.equal(cut('Yes, sir. No!', 4), 'Yes,');
  assert.equal(cut('Yes, sir. No!', 5), 'Yes, ', 'nothing of the next word was heard');
  assert.equal(cut('\u5929\u6c14\u597d\u3002\u5403\u996d', 3), '\u5929\u6c14\u597d\u3002');
});

test('shares beyond the text are the text', () => {
  const segmenters = segmentersFor();
  assert.equal(heardLength('abc', 7, segmenters), 3);
  assert.equal(heardLength('abc', -1, segmenters), 0);
  assert.equal(heardLength('', 0.5, segmenters), 0);
  assert.equal(heardLength('a\ud83d', 1, segmenters), 2, 'a lone surrogate is a cluster');
});

test('a language that is none, and a browser without segmenters, do not matter', () => {
  assert.notEqual(segmentersFor('zh-CN'), APPROXIMATE);
  assert.notEqual(segmentersFor('not a language'), APPROXIMATE);
  assert.equal(segmentersFor('zh', {}), APPROXIMATE);
  assert.equal(heardLength('one two', 0.4, segmentersFor('', {})), 3);
});

test('text is shortened between clusters', () => {
  assert.equal(shorten('short', 10), 'short');
  assert.equal(shorten(FAMILY, 1), FAMILY);
  assert.equal(shorten(`${FAMILY}${FAMILY}ab`, 2), `${FAMILY}${FAMILY}\u2026`);
  assert.equal(shorten(`${FAMILY}${FAMILY}ab`, 2, APPROXIMATE), `${FAMILY}${FAMILY}\u2026`);
});

test('blank is what can not be seen', () => {
  for (const text of ['', ' ', '\n\t', '\u200b', '\ufeff', '\u00a0', '\u3000', '\u0000', '\u2066\u2069']) {
    assert.equal(isBlank(text), true, JSON.stringify(text));
  }
  for (const text of ['a', ' . ', FAMILY, '\u0e01']) assert.equal(isBlank(text), false, JSON.stringify(text));
});

test('a long text is cut in a time that grows with it', () => {
  const text = '\u4eca\u5929 one '.repeat(40_000);
  const begin = performance.now();
  const end = heardLength(text, 0.5, segmentersFor());
  assert.ok(end > text.length * 0.4 && end < text.length * 0.6);
  assert.ok(performance.now() - begin < 5000);
});
