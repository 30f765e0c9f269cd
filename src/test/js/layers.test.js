import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROOT = 'src/main/resources/web';

/** Folders in the order of the table of layers in docs/web-client.md. */
const layers = readFileSync('docs/web-client.md', 'utf8')
  .split('\n')
  .filter((row) => /^\| `(app\/|capture`|embed`)/.test(row))
  .map((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map((name) => name[1]));
const rank = (/** @type {string} */ folder) => layers.findIndex((row) => row.includes(folder));

const modules = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.js'));
const folders = [...new Set(modules.map((file) => dirname(file)))].filter((folder) => folder !== 'app');

test('each folder of the page has one row in the table of layers', () => {
  assert.deepEqual(layers.flat().sort(), folders.sort());
});

test('a folder imports only from itself and the rows above it', () => {
  const upward = modules
    .filter((file) => dirname(file) !== 'app')
    .flatMap((file) => {
      const source = readFileSync(join(ROOT, file), 'utf8');
      return [...source.matchAll(/^(?:import|\}) .*from '(\.[^']*)'/gm)].map(([, path]) => ({ file, path }));
    })
    .map(({ file, path }) => ({ file, target: normalize(join(dirname(file), path)).replaceAll('\\', '/') }))
    .filter(({ file, target }) => dirname(file) !== dirname(target) && rank(dirname(target)) >= rank(dirname(file)));
  assert.deepEqual(upward, []);
});
