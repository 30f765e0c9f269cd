import { isBlank, shorten } from '../state/segments.js';
import { list, number, record, text } from './values.js';

/**
 * What an answer rests on, in every shape that Gemini has for it: pages, places, documents and pictures found by its
 * tools, pages it was asked to read, works it quotes, and searches that Google requires to be shown with the answer.
 *
 * Addresses and titles come from outside. An address is kept only when a browser may open it, in the spelling of the URL
 * standard, in which `<`, `>`, quotes and spaces are escaped. The HTML of `searchEntryPoint` is never put on the page;
 * its searches are read from it.
 */

/**
 * @typedef {'web' | 'maps' | 'review' | 'document' | 'image' | 'read' | 'unread' | 'quotation'} SourceKind `read` and
 *   `unread` are addresses that the model was asked to fetch
 *
 * @typedef {object} Source
 * @property {SourceKind} kind
 * @property {string} title never empty
 * @property {string} uri http or https; empty when there is nothing to open
 * @property {number} page of a document, from 1; 0 when it is not known
 *
 * @typedef {{title: string, uri: string}} Suggestion a search on Google
 */

/** Characters; longer addresses are unreadable, and some servers refuse them. */
const LONGEST_ADDRESS = 2048;
const LONGEST_TITLE = 200;
/** Maximum number of suggestions. */
const MOST_SUGGESTIONS = 12;
/** Links that are looked at in Google's HTML. */
const MOST_LINKS = 100;
const SEARCH = 'https://www.google.com/search?q=';
/** Where Google's own suggestions lead. */
const SEARCH_HOSTS = new Set(['www.google.com', 'google.com', 'vertexaisearch.cloud.google.com']);
/** What is read of a text before it is cleaned and shortened, UTF-16 units. */
const LONGEST_RAW = 4096;
/** Bidirectional control characters; they could make an address look like another one. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
const BREAKING = /[\s\p{Cc}]+/gu;

/**
 * @param {unknown} value
 * @returns {string} empty when a browser must not open it
 */
export function webAddress(value) {
  const address = text(value).trim();
  if (address === '' || address.length > LONGEST_ADDRESS || !/^https?:\/\//i.test(address)) return '';
  try {
    const url = new URL(address);
    // "https://google.com@elsewhere.example" is deceptive.
    return url.username === '' && url.password === '' ? url.href : '';
  } catch {
    return '';
  }
}

/** @param {unknown[]} candidates the first that has something to show */
function title(...candidates) {
  for (const candidate of candidates) {
    const shown = text(candidate).slice(0, LONGEST_RAW).replace(TURNING, '').replace(BREAKING, ' ').trim();
    if (!isBlank(shown)) return shorten(shown, LONGEST_TITLE);
  }
  return '';
}

/**
 * @param {SourceKind} kind
 * @param {unknown} address
 * @param {unknown[]} titles
 * @returns {Source[]} none when there is neither an address nor a title
 */
function source(kind, address, ...titles) {
  const uri = webAddress(address);
  const shown = title(...titles, uri);
  return shown === '' ? [] : [{ kind, title: shown, uri, page: 0 }];
}

/** @param {unknown} value one of `groundingChunks` @returns {Source[]} */
function chunkSources(value) {
  const { web, maps, retrievedContext, image } = record(value);
  if (web !== undefined) {
    const { uri, title: name, domain } = record(web);
    return webAddress(uri) === '' ? [] : source('web', uri, name, domain);
  }
  if (maps !== undefined) {
    const { uri, title: name, text: words, placeId, placeAnswerSources } = record(maps);
    const { reviewSnippets, reviewSnippet } = record(placeAnswerSources);
    const reviews = [...list(reviewSnippets), ...list(reviewSnippet)].map(record).flatMap((review) => {
      const author = record(review.authorAttribution).displayName;
      return webAddress(review.googleMapsUri) === ''
        ? []
        : source('review', review.googleMapsUri, review.title, author);
    });
    return [...source('maps', uri, name, words, placeId), ...reviews];
  }
  if (retrievedContext !== undefined) {
    const { uri, title: name, documentName, fileSearchStore, pageNumber } = record(retrievedContext);
    const page = Math.max(0, Math.floor(number(pageNumber)));
    return source('document', uri, name, documentName, uri, fileSearchStore).map((found) => ({ ...found, page }));
  }
  const { sourceUri, title: name, domain } = record(image);
  return webAddress(sourceUri) === '' ? [] : source('image', sourceUri, name, domain);
}

/** @param {unknown} value one of `urlMetadata` @returns {Source[]} */
function fetchedSource(value) {
  const { retrievedUrl, urlRetrievalStatus } = record(value);
  const status = text(urlRetrievalStatus);
  if (status === '' || /_(SUCCESS|UNSPECIFIED)$/.test(status)) {
    return webAddress(retrievedUrl) === '' ? [] : source('read', retrievedUrl);
  }
  // Not to be opened from here: "unsafe" is one of the causes.
  return source('unread', '', retrievedUrl);
}

/** @param {unknown} value one of `citations` @returns {Source[]} */
function quotation(value) {
  const { uri, title: name, license } = record(value);
  return source('quotation', uri, name, uri, license);
}

/**
 * Searches to offer. Google's own addresses, where the metadata brings them, hold what Google needs to know of them.
 * @param {Record<string, unknown>} metadata `groundingMetadata`
 * @returns {Suggestion[]}
 */
function suggestions({ webSearchQueries, imageSearchQueries, searchEntryPoint }) {
  const links = entryPointLinks(text(record(searchEntryPoint).renderedContent));
  if (links.length > 0) return links.slice(0, MOST_SUGGESTIONS);
  const queries = [...list(webSearchQueries), ...list(imageSearchQueries)].map((query) => title(query)).filter(Boolean);
  return queries.slice(0, MOST_SUGGESTIONS).map((query) => ({ title: query, uri: SEARCH + encodeURIComponent(query) }));
}

/** @type {Record<string, string>} */
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" };
/** @param {string} html */
const plain = (html) =>
  html.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|apos|#39);/g, (_, name) => ENTITIES[name]);

/**
 * The searches that Google's HTML links to; the HTML itself brings styles and addresses of its own and goes nowhere.
 * @param {string} html
 * @returns {Suggestion[]}
 */
function entryPointLinks(html) {
  // The text before each end of a link. Linear in the length, which is untrusted.
  const pieces = html.split('</a>', MOST_LINKS + 1);
  return pieces.slice(0, Math.min(MOST_LINKS, pieces.length - 1)).flatMap((before) => {
    const link = before.slice(Math.max(0, before.lastIndexOf('<a '))).slice(0, LONGEST_RAW);
    const [tag, href] = /^<a [^<>]*?\bhref="([^"<>]*)"[^<>]*>/i.exec(link) ?? ['', ''];
    const uri = webAddress(plain(href));
    const shown = title(plain(link.slice(tag.length)));
    const google = uri.startsWith('https:') && SEARCH_HOSTS.has(new URL(uri).host);
    return tag !== '' && google && shown !== '' ? [{ title: shown, uri }] : [];
  });
}

/**
 * @param {Record<string, unknown>} message with Gemini's `groundingMetadata`, `urlContextMetadata` or `citationMetadata`
 * @returns {{sources: Source[], suggestions: Suggestion[]}}
 */
export function groundingOf({ groundingMetadata, urlContextMetadata, citationMetadata }) {
  const metadata = record(groundingMetadata);
  const { citations, citationSources } = record(citationMetadata);
  return {
    sources: [
      ...list(metadata.groundingChunks).flatMap(chunkSources),
      ...list(record(urlContextMetadata).urlMetadata).flatMap(fetchedSource),
      ...[...list(citations), ...list(citationSources)].flatMap(quotation),
    ],
    suggestions: suggestions(metadata),
  };
}
