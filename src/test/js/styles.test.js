import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL('../../main/resources/web/app/ui/', import.meta.url);

/** Properties that name a side of the screen instead of a side of the text. */
const PHYSICAL =
  /(?:^|[\s;{])((?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-[a-z]+)?)\s*:/;
const PHYSICAL_VALUE =
  /(?:text-align|float|clear|justify-[a-z]+)\s*:\s*(?:left|right)|to (?:left|right)|[-( ](?:90|270)deg/;
const CORNER = /border-(?:top|bottom)-(?:left|right)-radius/;
const SHORTHAND = /(?:^|\s)(margin|padding|inset|border-width|border-radius|translate)\s*:\s*([^;]+);/;

/** The values of a shorthand; those in brackets are one. @param {string} value */
const parts = (value) => value.trim().match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];

/**
 * Why a declaration looks different in a text from right to left; empty if it does not.
 * @param {string} line
 */
function sideOf(line) {
  // `--end` changes its sign with the direction; the notch of a phone is on a side of the screen.
  if (line.includes('var(--end') || line.includes('safe-area-inset-left')) return '';
  if (PHYSICAL.test(line) || PHYSICAL_VALUE.test(line) || CORNER.test(line)) return 'names a side';
  const [, property = '', value = ''] = SHORTHAND.exec(line) ?? [];
  const [first = '', second, third, fourth] = parts(value);
  if (property === 'border-radius') return fourth && (first !== second || third !== fourth) ? 'corners differ' : '';
  if (property === 'translate') return second && first !== '0' && !first.endsWith('%') ? 'moves sideways' : '';
  return fourth && second !== fourth ? 'sides differ' : '';
}

test('what depends on a side of the screen is found', () => {
  const wrong = [
    'margin-left: 1rem;',
    '  right: 0;',
    'border-left-color: red;',
    'border-top-right-radius: 1px;',
    'text-align: right;',
    'background: linear-gradient(to right, red, blue);',
    'background: linear-gradient(90deg, red, blue);',
    'padding: 0 1rem 0 max(1px, (2px + 3px));',
    'border-radius: 1px 1px 0 1px;',
    'translate: 1.5rem 0;',
  ];
  const right = [
    'margin-inline-start: 1rem;',
    'inset-inline-end: 0;',
    'padding: 0 1rem;',
    'padding: 0 max(1px, 2px) 0 max(1px, 2px);',
    'text-align: end;',
    'border-radius: 1px 1px 0 0;',
    'translate: calc(1.5rem * var(--end, 1)) 0;',
  ];
  assert.deepEqual(
    wrong.filter((line) => sideOf(line) === ''),
    [],
  );
  assert.deepEqual(
    right.filter((line) => sideOf(line) !== ''),
    [],
  );
});

test('the style sheets name no side of the screen', () => {
  const sheets = readdirSync(FOLDER).filter((name) => name.endsWith('-styles.js'));
  assert.ok(sheets.length > 5);
  const found = sheets.flatMap((name) =>
    readFileSync(new URL(name, FOLDER), 'utf8')
      .split('\n')
      .map((line, index) => [`${name}:${index + 1} ${line.trim()}`, sideOf(line)])
      .filter(([, why]) => why !== '')
      .map(([place, why]) => `${place} (${why})`),
  );
  assert.deepEqual(found, []);
});

/** Class names that the selectors of a style sheet begin with, without anything before them. @param {string} css */
const firstClasses = (css) => new Set([...css.matchAll(/^ {2,4}\.([\w-]+)(?=[\s,{:.[>])/gm)].map(([, name]) => name));

test('a rule of the panels, which come later, changes nothing of the conversation', () => {
  const panels = readFileSync(new URL('panel-styles.js', FOLDER), 'utf8');
  const inside = readFileSync(new URL('conversation-styles.js', FOLDER), 'utf8');
  const used = new Set([...inside.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name));
  const alone = [...firstClasses(panels)].filter((name) => used.has(name) && !['app', 'panel'].includes(name));
  assert.deepEqual(alone, []);
});
