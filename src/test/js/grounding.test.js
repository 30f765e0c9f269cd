import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groundingOf, webAddress } from '../../main/resources/web/app/proto/grounding.js';

/** @param {unknown[]} groundingChunks */
const shown = (...groundingChunks) =>
  groundingOf({ groundingMetadata: { groundingChunks } }).sources.map(({ kind, title, uri, page }) =>
    [kind, title, uri, page || ''].join('|'),
  );

test('every kind of chunk is a source', () => {
  assert.deepEqual(
    shown(
      { web: { uri: 'https://a.example/', title: 'A', domain: 'a.example' } },
      { web: { uri: 'https://b.example/x', domain: 'b.example' } },
      { web: { uri: 'https://c.example/x' } },
      {
        maps: {
          uri: 'https://maps.google.com/?cid=1',
          title: 'Caf\u00e9',
          placeId: 'places/x',
          placeAnswerSources: {
            reviewSnippets: [
              {
                googleMapsUri: 'https://maps.google.com/r/1',
                title: 'Good',
                authorAttribution: { displayName: 'Ann' },
              },
              { googleMapsUri: 'https://maps.google.com/r/2', authorAttribution: { displayName: 'Bo' } },
              { title: 'no address' },
            ],
          },
        },
      },
      { maps: { placeId: 'places/y' } },
      { retrievedContext: { title: 'Manual.pdf', uri: 'gs://bucket/manual.pdf', pageNumber: 12, text: 'long' } },
      { retrievedContext: { title: 'Wiki', uri: 'https://wiki.example/' } },
      { retrievedContext: { fileSearchStore: 'fileSearchStores/123' } },
      { image: { sourceUri: 'https://pictures.example/', imageUri: 'https://cdn.example/x.png', title: 'A cat' } },
    ),
    [
      'web|A|https://a.example/|',
      'web|b.example|https://b.example/x|',
      'web|https://c.example/x|https://c.example/x|',
      'maps|Caf\u00e9|https://maps.google.com/?cid=1|',
      'review|Good|https://maps.google.com/r/1|',
      'review|Bo|https://maps.google.com/r/2|',
      'maps|places/y||',
      'document|Manual.pdf||12',
      'document|Wiki|https://wiki.example/|',
      'document|fileSearchStores/123||',
      'image|A cat|https://pictures.example/|',
    ],
  );
});

test('pages that could not be read are named and not linked', () => {
  const { sources } = groundingOf({
    urlContextMetadata: {
      urlMetadata: [
        { retrievedUrl: 'https://a.example/', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' },
        { retrievedUrl: 'https://b.example/', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_UNSAFE' },
        { retrievedUrl: 'https://c.example/', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_PAYWALL' },
        { retrievedUrl: 'javascript:alert(1)' },
      ],
    },
  });
  assert.deepEqual(
    sources.map(({ kind, title, uri }) => [kind, title, uri]),
    [
      ['read', 'https://a.example/', 'https://a.example/'],
      ['unread', 'https://b.example/', ''],
      ['unread', 'https://c.example/', ''],
    ],
  );
});

test('quoted works are sources', () => {
  const { sources } = groundingOf({
    citationMetadata: { citations: [{ uri: 'https://a.example/', title: 'Work' }, { license: 'mit' }, {}] },
  });
  assert.deepEqual(
    sources.map(({ kind, title, uri }) => [kind, title, uri]),
    [
      ['quotation', 'Work', 'https://a.example/'],
      ['quotation', 'mit', ''],
    ],
  );
});

test('searches are offered from the queries', () => {
  const { suggestions } = groundingOf({
    groundingMetadata: { webSearchQueries: ['tides & moon', '', 7, '  '], imageSearchQueries: ['moon'] },
  });
  assert.deepEqual(suggestions, [
    { title: 'tides & moon', uri: 'https://www.google.com/search?q=tides%20%26%20moon' },
    { title: 'moon', uri: 'https://www.google.com/search?q=moon' },
  ]);
});

test("Google's own links are preferred, and read out of its HTML", () => {
  const renderedContent = `<style>.chip { color: red }</style><div class="container"><svg onload="alert(1)"></svg>
    <div class="carousel"><a class="chip" href="https://vertexaisearch.cloud.google.com/grounding-api-redirect/AB?x=1&amp;y=2">tides &amp; moon</a>
    <a class="chip" href="https://www.google.com/search?q=moon" onclick="alert(1)"><b>moon</b></a>
    <a href="https://evil.example/search?q=a">evil</a><a href="javascript:alert(1)">js</a><a href="http://www.google.com/search?q=x">plain</a>
    <a href="https://www.google.com@evil.example/">trick</a><a>none</a><a href="https://www.google.com/">  </a></div></div>`;
  const { suggestions } = groundingOf({
    groundingMetadata: { webSearchQueries: ['other'], searchEntryPoint: { renderedContent } },
  });
  assert.deepEqual(suggestions, [
    { title: 'tides & moon', uri: 'https://vertexaisearch.cloud.google.com/grounding-api-redirect/AB?x=1&y=2' },
    { title: 'moon', uri: 'https://www.google.com/search?q=moon' },
  ]);
});

test('HTML without links leaves the queries', () => {
  for (const renderedContent of ['', '<p>nothing</p>', '<a href="https://www.google.com/x">never closed', 7, null]) {
    const { suggestions } = groundingOf({
      groundingMetadata: { webSearchQueries: ['q'], searchEntryPoint: { renderedContent } },
    });
    assert.deepEqual(
      suggestions.map(({ title }) => title),
      ['q'],
    );
  }
});

test('only web addresses are addresses, in a spelling that escapes what is HTML', () => {
  assert.equal(webAddress('https://a.example/?q="><img src=x>'), 'https://a.example/?q=%22%3E%3Cimg%20src=x%3E');
  assert.equal(webAddress(' HTTPS://A.example '), 'https://a.example/');
  for (const bad of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://a.example/x',
    'file:///etc/passwd',
    'ftp://a.example/',
    '//a.example/',
    '/relative',
    'https://',
    'https://user:word@a.example/',
    'https://www.google.com@evil.example/',
    `https://a.example/${'x'.repeat(3000)}`,
    '',
    7,
    null,
    {},
  ]) {
    assert.equal(webAddress(bad), '', JSON.stringify(bad)?.slice(0, 60));
  }
});

test('titles are one line, of bounded length, and do not turn what stands behind them', () => {
  assert.deepEqual(shown({ web: { uri: 'https://a.example/', title: ' A\n\u202eB\u0000\tC ' } }), [
    'web|A B C|https://a.example/|',
  ]);
  assert.deepEqual(shown({ web: { uri: 'https://a.example/', title: '\u200b' } }), [
    'web|https://a.example/|https://a.example/|',
  ]);
  const [long] = groundingOf({
    groundingMetadata: {
      groundingChunks: [{ web: { uri: 'https://a.example/', title: '\u{1f468}\u200d\u{1f469} '.repeat(9999) } }],
    },
  }).sources;
  assert.ok(long.title.endsWith('\u2026') && long.title.length < 1300);
});

test('what is not of the expected shape is left out', () => {
  for (const chunk of [
    null,
    7,
    'x',
    [],
    {},
    { web: null },
    { web: { uri: 7 } },
    { maps: [] },
    { retrievedContext: '' },
    { image: {} },
    { new: {} },
  ]) {
    assert.deepEqual(shown(chunk), [], JSON.stringify(chunk));
  }
  for (const metadata of [null, 7, [], 'x', { groundingChunks: {} }, { groundingChunks: 'x', webSearchQueries: {} }]) {
    assert.deepEqual(
      groundingOf({ groundingMetadata: metadata, urlContextMetadata: metadata, citationMetadata: metadata }),
      { sources: [], suggestions: [] },
    );
  }
});

test('hostile HTML of any length is read in a time that grows with it', () => {
  const begin = performance.now();
  for (const html of ['<a href="', '<a href="x">', '<', '<a ', '</a>', '<a href="https://www.google.com/">'].map(
    (part) => part.repeat(100_000),
  )) {
    groundingOf({ groundingMetadata: { searchEntryPoint: { renderedContent: html } } });
  }
  assert.ok(performance.now() - begin < 5000);
});
