import { missingEntries } from './restoration.js';
import { heardLength, isBlank, segmentersFor } from './segments.js';

/**
 * The transcript of the conversation.
 *
 * The service sends fragments without reliable ends: a user item closes at the first content of the model, a model item
 * at the end of its turn. The order is that of the messages; the service's clock is not used.
 */

/**
 * A function call; with `code` a program that the model runs, and its output as the result.
 * @typedef {{id: string, name: string, args: unknown, result?: unknown, cancelled?: boolean, failed?: boolean, code?: string}} ToolUse
 *
 * @typedef {object} Item
 * @property {number} id unique within the page
 * @property {number} seq place in the service's order
 * @property {number} turn
 * @property {'user' | 'model' | 'tool' | 'notice'} role
 * @property {string} text
 * @property {string} thought
 * @property {string} interim preliminary words that the next fragment replaces
 * @property {boolean} partial more may follow
 * @property {boolean} typed
 * @property {number} startedAt wall clock, milliseconds
 * @property {number | null} endedAt wall clock, milliseconds
 * @property {number | null} latencyMs
 * @property {boolean} interrupted
 * @property {number | null} heardChars UTF-16 units that were played before the interruption; they end with a word
 * @property {ToolUse | null} tool
 * @property {string | null} picture address of a picture that the model was shown, for this page only
 * @property {import('../proto/grounding.js').Source[]} sources
 * @property {import('../proto/grounding.js').Suggestion[]} suggestions searches that Google wants to be offered
 */

/** Text of the notice between two conversations. */
const DIVIDER = 'notice.new';

/** @param {Item} item */
const isDivider = ({ role, text }) => role === 'notice' && text === DIVIDER;

export class Transcript {
  /** @type {Item[]} */
  #items = [];
  #lastId = 0;
  /** @type {Set<number>} turns with content, seen as words or not */
  #answered = new Set();
  /** @type {Map<number, number>} latencies of turns without text so far */
  #latencies = new Map();
  /** @type {Set<number>} turns that were cut before any of their words came */
  #unheard = new Set();
  #wall;
  #language;

  /**
   * @param {() => number} wall wall clock in milliseconds, for people only
   * @param {() => string} [language] BCP 47 tag of what is spoken; empty when it is not known
   */
  constructor(wall, language = () => '') {
    this.#wall = wall;
    this.#language = language;
  }

  /** In reading order. Items are replaced, never changed. @returns {readonly Item[]} */
  get items() {
    return this.#items;
  }

  clear() {
    this.load([]);
    this.#answered.clear();
    this.#latencies.clear();
    this.#unheard.clear();
  }

  /**
   * Replaces everything by items of an earlier conversation; they belong to no turn of a later one.
   * @param {readonly Partial<Item>[]} items
   */
  load(items) {
    this.#items = [];
    for (const { role = 'notice', ...members } of items) {
      const item = this.#create(0, role, { ...members, partial: false, interim: '' });
      this.#items.push({ ...item, id: this.#lastId, turn: 0 });
    }
    this.#items = this.#items.map(numbered);
  }

  /** The items of the conversation that runs, or ran last: those below the newest divider. */
  get current() {
    const divider = this.#items.findLastIndex(isDivider);
    return divider < 0 ? this.#items : this.#items.slice(divider + 1);
  }

  /** Marks the beginning of a new conversation below an earlier one. @param {number} turn */
  divide(turn) {
    const last = this.#items.at(-1);
    if (last && !isDivider(last)) this.notice(turn, DIVIDER);
  }

  /**
   * A typed message.
   * @param {number} turn
   * @param {string} text
   */
  typed(turn, text) {
    this.#closeOpen('user');
    this.#append(turn, 'user', { text, typed: true, partial: false });
  }

  /**
   * A single picture that the model was shown.
   * @param {number} turn
   * @param {string} picture its address
   */
  picture(turn, picture) {
    this.#append(turn, 'user', { picture, typed: true, partial: false });
  }

  /**
   * A notice about the conversation itself.
   * @param {number} turn
   * @param {string} text id of the words
   */
  notice(turn, text) {
    this.#append(turn, 'notice', { text, partial: false });
  }

  /**
   * Adds the entries of a resumed session. Entries that are already on screen are not repeated.
   * @param {number} turn
   * @param {readonly import('../proto/messages.js').TranscriptEntry[]} entries
   * @param {boolean} [answering] whether the model has not finished the last of them
   */
  restore(turn, entries, answering = false) {
    const { longer, missing } = missingEntries(this.#items, entries);
    if (longer) this.#replace(longer.index, { text: longer.text });
    for (const entry of missing) {
      const partial = answering && entry === entries.at(-1) && entry.role === 'model';
      this.#append(partial ? turn + 1 : turn, entry.role, { text: entry.text.trim(), partial });
    }
  }

  /**
   * A fragment of the user's speech.
   * @param {number} turn
   * @param {string} text
   * @param {{interim?: boolean, fresh?: boolean, finished?: boolean}} [how] `fresh` when the user began to speak after
   *   the model had begun to answer, so that this is not the tail of the question
   */
  user(turn, text, { interim = false, fresh = false, finished = false } = {}) {
    if (text === '' && !finished) return;
    const blank = isBlank(text);
    const open = this.#items.findLastIndex((item) => item.role === 'user' && item.partial);
    const late = this.#items.findLastIndex((item) => item.role === 'user' && item.turn === turn && !item.typed);
    const answer = this.#items.findIndex((item) => item.turn === turn && item.role !== 'user');
    const answered = answer >= 0 || this.#answered.has(turn);
    let index = open;
    if (index < 0 && late >= 0 && !fresh) index = late;
    if (index < 0) {
      if (blank) return;
      const at = answer >= 0 && late < 0 && !fresh ? answer : this.#items.length;
      index = this.#insert(at, this.#create(turn, 'user', { partial: !answered || fresh }));
    }
    const item = this.#items[index];
    const joined = item.text === '' ? text.trimStart() : item.text + text;
    // The final fragment may be empty; then the interim text is the result.
    const preliminary = isBlank(joined) && finished ? item.interim : joined;
    const change = interim
      ? { interim: blank ? '' : text }
      : { text: preliminary, interim: blank && !finished ? item.interim : '' };
    this.#replace(index, finished ? { ...change, partial: false, endedAt: this.#wall() } : change);
    if (finished) this.#withoutBlank();
  }

  /**
   * A fragment of the model's speech or text.
   * @param {number} turn
   * @param {string} text
   * @param {{thought?: boolean}} [how]
   */
  model(turn, text, { thought = false } = {}) {
    if (text === '') return;
    // White space is added to existing text only; alone it creates no item.
    if (isBlank(text) && this.#openModelItem(turn) < 0) return;
    const index = this.#modelItem(turn);
    const item = this.#items[index];
    if (thought) this.#replace(index, { thought: item.thought === '' ? text.trimStart() : item.thought + text });
    else this.#replace(index, { text: item.text === '' ? text.trimStart() : item.text + text });
  }

  /**
   * The model's first content of a turn closes the user's item.
   * @param {number} turn
   */
  answered(turn) {
    this.#closeOpen('user');
    this.#answered.add(turn);
  }

  /**
   * @param {number} turn
   * @param {number} latencyMs
   */
  latency(turn, latencyMs) {
    const index = this.#items.findLastIndex((item) => item.role === 'model' && item.turn === turn);
    if (index >= 0) this.#replace(index, { latencyMs });
    else this.#latencies.set(turn, latencyMs);
  }

  /**
   * @param {number} turn
   * @param {number} played samples that were heard
   * @param {number} received samples that came
   */
  interrupted(turn, played, received) {
    const index = this.#items.findLastIndex((item) => item.role === 'model' && item.turn === turn);
    if (index < 0) this.#unheard.add(turn);
    if (index < 0 || this.#items[index].interrupted) return;
    const { text } = this.#items[index];
    const share = received > 0 ? Math.min(1, Math.max(0, played / received)) : 0;
    const heardChars = heardLength(text, share, segmentersFor(this.#language()));
    this.#replace(index, { interrupted: true, heardChars });
  }

  /**
   * The service reuses the number of an interrupted turn: user items since then move to the next turn.
   * @param {number} from the turn that was cut
   * @param {number} to
   */
  moveOn(from, to) {
    const cut = this.#items.findLastIndex((item) => item.turn === from && item.role !== 'user');
    this.#items = this.#items.map((item, index) =>
      index > cut && item.turn === from && item.role === 'user' ? { ...item, turn: to } : item,
    );
  }

  /** @param {number} turn */
  turnOver(turn) {
    this.#items = this.#items.map((item) =>
      item.partial && (item.turn === turn || item.turn < turn) && item.role !== 'user'
        ? { ...item, partial: false, endedAt: this.#wall() }
        : item,
    );
    this.#withoutBlank();
  }

  /**
   * @param {number} turn
   * @param {import('../proto/messages.js').FunctionCall} call
   */
  toolCall(turn, call) {
    this.#closeOpen('user');
    const tool = { id: call.id ?? '', name: call.name, args: call.args };
    this.#append(turn, 'tool', { tool, partial: true });
  }

  /**
   * @param {string} id
   * @param {{result?: unknown, cancelled?: boolean}} outcome
   */
  toolOutcome(id, outcome) {
    const index = this.#items.findLastIndex((item) => item.tool?.id === id);
    const tool = index >= 0 ? this.#items[index].tool : null;
    if (tool) this.#replace(index, { tool: { ...tool, ...outcome }, partial: false, endedAt: this.#wall() });
  }

  /**
   * A program that the model runs.
   * @param {number} turn
   * @param {{code: string, language: string}} program
   */
  code(turn, { code, language }) {
    this.#append(turn, 'tool', { tool: { id: '', name: 'code', args: { language }, code }, partial: true });
  }

  /**
   * The output of the newest program.
   * @param {number} turn
   * @param {{output: string, failed: boolean}} outcome
   */
  codeOutcome(turn, { output, failed }) {
    const isOpen = (/** @type {Item} */ { tool }) => tool?.code !== undefined && tool.result === undefined;
    if (!this.#items.some(isOpen)) this.code(turn, { code: '', language: '' });
    const index = this.#items.findLastIndex(isOpen);
    const { tool } = this.#items[index];
    if (tool) {
      this.#replace(index, { tool: { ...tool, result: output, failed }, partial: false, endedAt: this.#wall() });
    }
  }

  /** Whether a turn of the model has words or a function call. @param {number} turn */
  hasAnswer(turn) {
    return this.#items.some(
      (item) => item.turn === turn && (item.tool || (item.role === 'model' && !isBlank(item.text))),
    );
  }

  /**
   * Sources of an answer. The service may repeat them, in whole or in part.
   * @param {number} turn
   * @param {import('../proto/grounding.js').Source[]} sources
   * @param {import('../proto/grounding.js').Suggestion[]} [suggestions]
   */
  grounding(turn, sources, suggestions = []) {
    if (sources.length === 0 && suggestions.length === 0) return;
    const index = this.#modelItem(turn);
    const item = this.#items[index];
    this.#replace(index, {
      sources: withoutDoubles(
        [...item.sources, ...sources],
        (source) => source.uri || `${source.kind} ${source.title}`,
      ),
      suggestions: withoutDoubles([...item.suggestions, ...suggestions], ({ uri }) => uri),
    });
  }

  /** Nothing more will come for anything: the connection is gone. */
  closeAll() {
    this.#items = this.#items.map((item) =>
      item.partial
        ? { ...item, partial: false, text: item.text || item.interim, interim: '', endedAt: this.#wall() }
        : item,
    );
    this.#withoutBlank();
  }

  /** @param {Item['role']} role */
  #closeOpen(role) {
    this.#items = this.#items.map((item) =>
      item.partial && item.role === role
        ? { ...item, partial: false, text: item.text || item.interim, interim: '', endedAt: this.#wall() }
        : item,
    );
    this.#withoutBlank();
  }

  /** Preliminary words may be taken back; a bubble without content does not stay. */
  #withoutBlank() {
    const empty = (/** @type {Item} */ item) =>
      item.role === 'user' && !item.picture && !item.partial && isBlank(item.text);
    if (this.#items.some(empty)) this.#items = this.#items.filter((item) => !empty(item)).map(numbered);
  }

  /** Where the next words of the model go; negative when they begin an item. @param {number} turn */
  #openModelItem(turn) {
    const index = this.#items.findLastIndex((item) => item.turn === turn && item.role !== 'user');
    return index >= 0 && this.#items[index].role === 'model' ? index : -1;
  }

  /** @param {number} turn */
  #modelItem(turn) {
    const index = this.#openModelItem(turn);
    if (index >= 0) return index;
    // Text after a function call is a new item, below it.
    const latencyMs = this.#latencies.get(turn) ?? null;
    this.#latencies.delete(turn);
    const cut = this.#unheard.delete(turn) ? { interrupted: true, heardChars: 0 } : {};
    return this.#append(turn, 'model', { latencyMs, ...cut });
  }

  /**
   * @param {number} turn
   * @param {Item['role']} role
   * @param {Partial<Item>} members
   */
  #append(turn, role, members) {
    return this.#insert(this.#items.length, this.#create(turn, role, members));
  }

  /**
   * @param {number} turn
   * @param {Item['role']} role
   * @param {Partial<Item>} members
   * @returns {Item}
   */
  #create(turn, role, members) {
    const id = ++this.#lastId;
    return {
      id,
      seq: id,
      turn,
      role,
      text: '',
      thought: '',
      interim: '',
      partial: true,
      typed: false,
      startedAt: this.#wall(),
      endedAt: null,
      latencyMs: null,
      interrupted: false,
      heardChars: null,
      tool: null,
      picture: null,
      sources: [],
      suggestions: [],
      ...members,
    };
  }

  /**
   * @param {number} index
   * @param {Item} item
   */
  #insert(index, item) {
    this.#items = [...this.#items.slice(0, index), item, ...this.#items.slice(index)].map(numbered);
    return index;
  }

  /**
   * @param {number} index
   * @param {Partial<Item>} change
   */
  #replace(index, change) {
    this.#items = this.#items.with(index, { ...this.#items[index], ...change });
  }
}

/**
 * @param {Item} item
 * @param {number} index
 * @returns {Item}
 */
const numbered = (item, index) => (item.seq === index + 1 ? item : { ...item, seq: index + 1 });

/**
 * The first of each.
 * @template T
 * @param {T[]} entries
 * @param {(entry: T) => string} keyOf
 * @returns {T[]}
 */
function withoutDoubles(entries, keyOf) {
  const known = new Set();
  return entries.filter((entry) => !known.has(keyOf(entry)) && known.add(keyOf(entry)));
}
