import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

/** @type {string} */
let folder;
/** @type {import('node:http').Server} */
let osv;
/** @type {{ package: { purl: string }, page_token?: string }[][]} */
let asked;
/** @type {(query: { package: { purl: string }, page_token?: string }) => object} */
let answer;
/** @type {(response: import('node:http').ServerResponse, results: object[]) => void} */
let send;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'advisories-'));
  asked = [];
  answer = () => ({});
  send = (response, results) => response.end(JSON.stringify({ results }));
  osv = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    asked.push(body.queries);
    send(response, body.queries.map(answer));
  });
  await new Promise((resolve) => osv.listen(0, '127.0.0.1', () => resolve(undefined)));
  sbom('pkg:maven/io.netty/netty-common@4.1.140.Final?type=jar', 'pkg:maven/org.mvnpm.at.lit/reactive-element@2.1.2');
  lock({
    '': {},
    'node_modules/@biomejs/biome': { version: '2.6.8' },
    'node_modules/a/node_modules/b': { version: '1' },
  });
  accept('# nothing');
});

afterEach(() => {
  osv.close();
  rmSync(folder, { recursive: true });
});

/** @param {string[]} purls */
function sbom(...purls) {
  writeFileSync(join(folder, 'sbom.json'), JSON.stringify({ components: purls.map((purl) => ({ purl })) }));
}

/** @param {object} packages */
function lock(packages) {
  writeFileSync(join(folder, 'lock.json'), JSON.stringify({ packages }));
}

/** @param {string[]} lines */
function accept(...lines) {
  writeFileSync(join(folder, 'accepted'), `${lines.join('\n')}\n`);
}

/** @param {Record<string, string>} environment */
async function check(environment = {}) {
  const address = /** @type {import('node:net').AddressInfo} */ (osv.address());
  const files = ['sbom.json', 'lock.json', 'accepted'].map((name) => join(folder, name));
  const run = spawn(process.execPath, ['.ci/advisories.js', ...files], {
    env: { PATH: process.env.PATH, OSV_REQUIRED: 'true', OSV_URL: `http://127.0.0.1:${address?.port}`, ...environment },
  });
  let output = '';
  run.stdout.on('data', (text) => {
    output += text;
  });
  run.stderr.on('data', (text) => {
    output += text;
  });
  const status = await new Promise((resolve) => run.on('close', resolve));
  return { status, output };
}

/** @param {string} part */
const netty = (part) => (/** @type {{ package: { purl: string } }} */ query) =>
  query.package.purl.includes('netty') ? { vulns: [{ id: part }] } : {};

test('every package is asked for by its name in its own ecosystem', async () => {
  const { status, output } = await check();

  assert.equal(status, 0, output);
  assert.deepEqual(
    asked.flat().map((query) => query.package.purl),
    [
      'pkg:maven/io.netty/netty-common@4.1.140.Final',
      'pkg:maven/org.mvnpm.at.lit/reactive-element@2.1.2',
      'pkg:npm/%40lit/reactive-element@2.1.2',
      'pkg:npm/%40biomejs/biome@2.6.8',
      'pkg:npm/b@1',
    ],
  );
});

test('a finding fails and says where to read about it', async () => {
  answer = netty('GHSA-1');

  const { status, output } = await check();

  assert.equal(status, 1);
  assert.match(output, /netty-common@4\.1\.140\.Final has GHSA-1: https:\/\/osv\.dev\/vulnerability\/GHSA-1/);
});

test('an accepted finding passes until its day is over', async () => {
  answer = netty('GHSA-1');
  accept('GHSA-1 9999-12-31 the codec is not used');
  assert.equal((await check()).status, 0);

  accept('GHSA-1 2020-01-31 the codec is not used');
  const { status, output } = await check();

  assert.equal(status, 1);
  assert.match(output, /accepted until 2020-01-31/);
});

test('an acceptance that nothing needs, or that has no reason or day, fails', async () => {
  accept('GHSA-2 9999-12-31 gone');
  assert.equal((await check()).status, 1);
  for (const line of ['GHSA-1 9999-12-31', 'GHSA-1 soon because', 'GHSA-1 2026-99-99 because']) {
    accept(line);
    const { status, output } = await check();
    assert.equal(status, 2, line);
    assert.match(output, /is not "ID YYYY-MM-DD REASON"/);
  }
});

test('further pages count', async () => {
  answer = (query) =>
    query.page_token === 'second'
      ? { vulns: [{ id: 'GHSA-2' }] }
      : query.package.purl.includes('netty')
        ? { vulns: [{ id: 'GHSA-1' }], next_page_token: 'second' }
        : {};
  accept('GHSA-1 9999-12-31 the codec is not used');

  const { status, output } = await check();

  assert.equal(status, 1);
  assert.match(output, /has GHSA-2/);
});

test('many packages are asked for in several questions', async () => {
  sbom(...Array.from({ length: 1201 }, (_, index) => `pkg:maven/g/a${index}@1`));
  answer = (query) => (query.package.purl === 'pkg:maven/g/a1200@1' ? { vulns: [{ id: 'GHSA-LAST' }] } : {});

  const { status, output } = await check();

  assert.deepEqual(
    asked.map((queries) => queries.length),
    [500, 500, 203],
  );
  assert.equal(status, 1);
  assert.match(output, /a1200@1 has GHSA-LAST/);
});

test('a broken answer is no clean one', async () => {
  /** @type {[string, typeof send][]} */
  const broken = [
    ['no JSON', (response) => response.end('<html>')],
    ['fewer results', (response, results) => response.end(JSON.stringify({ results: results.slice(1) }))],
    ['no results', (response) => response.end('{}')],
    ['null', (response) => response.end('null')],
    ['an error', (response) => response.writeHead(500).end('{"results":[]}')],
    ['no id', (response, results) => response.end(JSON.stringify({ results: results.map(() => ({ vulns: [{}] })) }))],
    [
      'the same page',
      (response, results) =>
        response.end(JSON.stringify({ results: results.map(() => ({ next_page_token: 'again' })) })),
    ],
  ];
  for (const [name, sent] of broken) {
    send = sent;
    const { status, output } = await check({ OSV_REQUIRED: 'false' });
    assert.equal(status, 2, `${name}: ${output}`);
  }
});

test('an unreachable server fails where the answer is required and warns elsewhere', async () => {
  send = (response) => response.destroy();

  const strict = await check();
  assert.equal(strict.status, 2);
  assert.match(strict.output, /\[ERROR\] advisories: .* can't be reached/);

  const lenient = await check({ OSV_REQUIRED: '' });
  assert.equal(lenient.status, 0);
  assert.match(lenient.output, /\[WARNING\] THE DEPENDENCIES ARE NOT CHECKED/);
});

test('a bill of materials that names nothing is refused', async () => {
  sbom();
  assert.equal((await check()).status, 2);
  writeFileSync(join(folder, 'sbom.json'), JSON.stringify({ components: [{ name: 'x' }] }));
  assert.equal((await check()).status, 2);
});
