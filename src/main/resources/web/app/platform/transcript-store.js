/**
 * The transcript of this tab, so that it survives a reload. `sessionStorage` ends with the tab. Bounded in size: the
 * oldest items are dropped first.
 */

/** @typedef {import('../state/transcript.js').Item} Item */

const PREFIX = 'livebridge.transcript';
const MAX_ITEMS = 200;
/** UTF-16 units of the JSON; browsers allow about five million per origin. */
const MAX_LENGTH = 400_000;
const ROLES = new Set(['user', 'model', 'tool', 'notice']);

export class TranscriptStore {
  #storage;
  #key;

  /**
   * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null} storage
   * @param {string} [name] identifies the conversation on a page with several
   */
  constructor(storage, name = '') {
    this.#storage = storage;
    this.#key = name ? `${PREFIX}.${name}` : PREFIX;
  }

  /** @param {readonly Item[]} items none removes the stored ones */
  save(items) {
    // Pictures end with the page.
    let kept = items.filter(({ picture }) => !picture).slice(-MAX_ITEMS);
    let json = JSON.stringify(kept);
    while (json.length > MAX_LENGTH) {
      kept = kept.slice(Math.ceil(kept.length / 2));
      json = JSON.stringify(kept);
    }
    try {
      if (kept.length === 0) this.#storage?.removeItem(this.#key);
      else this.#storage?.setItem(this.#key, json);
    } catch {
      // Storage is full or disabled: the transcript lives as long as the page.
    }
  }

  /** The stored items that are valid, in reading order. @returns {Partial<Item>[]} */
  load() {
    try {
      const stored = JSON.parse(this.#storage?.getItem(this.#key) ?? '[]');
      return Array.isArray(stored) ? stored.slice(-MAX_ITEMS).flatMap(itemOf) : [];
    } catch {
      return [];
    }
  }
}

/**
 * @param {unknown} stored
 * @returns {Partial<Item>[]} none if it is no item
 */
function itemOf(stored) {
  const m = /** @type {Record<string, unknown>} */ (stored ?? {});
  if (typeof m.role !== 'string' || !ROLES.has(m.role) || typeof m.text !== 'string') return [];
  const tool = /** @type {Record<string, unknown> | null} */ (m.tool ?? null);
  if (m.role === 'tool' && typeof tool?.name !== 'string') return [];
  const heard = number(m.heardChars);
  return [
    {
      role: /** @type {Item['role']} */ (m.role),
      text: m.text,
      thought: typeof m.thought === 'string' ? m.thought : '',
      typed: m.typed === true,
      startedAt: number(m.startedAt) ?? 0,
      endedAt: number(m.endedAt),
      latencyMs: number(m.latencyMs),
      interrupted: m.interrupted === true && heard !== null,
      heardChars: heard,
      tool:
        m.role === 'tool' && tool
          ? {
              id: '',
              name: String(tool.name),
              args: tool.args,
              ...(tool.result !== undefined && { result: tool.result }),
              ...(tool.cancelled === true && { cancelled: true }),
              ...(tool.failed === true && { failed: true }),
              ...(typeof tool.code === 'string' && { code: tool.code }),
            }
          : null,
      sources: links(m.sources).map(({ uri, title, kind, page }) => ({
        kind: /** @type {import('../proto/grounding.js').Source['kind']} */ (typeof kind === 'string' ? kind : 'web'),
        title,
        uri,
        page: number(page) ?? 0,
      })),
      suggestions: links(m.suggestions).map(({ title, uri }) => ({ title, uri })),
    },
  ];
}

/** @param {unknown} value */
const number = (value) => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null);

/**
 * Entries with a title, and with a web address or none.
 * @param {unknown} list
 */
function links(list) {
  return (Array.isArray(list) ? list : []).filter(
    (entry) =>
      typeof entry?.title === 'string' && typeof entry.uri === 'string' && /^(?:https?:\/\/|$)/.test(entry.uri),
  );
}
