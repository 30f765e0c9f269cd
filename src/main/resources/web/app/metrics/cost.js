/**
 * Tokens of a conversation and what they cost, from `usage` messages. Each message counts one turn; its prompt is
 * everything so far, again.
 *
 * @typedef {{inputText: number, inputAudio: number, inputImage: number, outputText: number, outputAudio: number}} Price
 *   US dollars per million tokens
 * @typedef {{turn: number, promptTokens: number, responseTokens: number, totalTokens: number,
 *   metadata: Record<string, unknown>}} Usage
 * @typedef {{turn: number, input: number, output: number, usd: number | null}} TurnCost
 */

/** @type {Record<string, 'inputText' | 'inputAudio' | 'inputImage'>} */
const INPUT = { AUDIO: 'inputAudio', IMAGE: 'inputImage', VIDEO: 'inputImage' };

/**
 * @param {readonly Usage[]} usage
 * @param {Price | undefined} price of the model; without one there is no cost
 * @returns {TurnCost[]}
 */
export function costs(usage, price) {
  return usage.map(({ turn, promptTokens, responseTokens, metadata }) => ({
    turn,
    input: promptTokens,
    output: responseTokens + number(metadata.thoughtsTokenCount),
    usd: price ? usdOf(promptTokens, responseTokens, metadata, price) : null,
  }));
}

/**
 * @param {readonly TurnCost[]} turns
 * @returns {Omit<TurnCost, 'turn'>}
 */
export function sumOf(turns) {
  const sum = (/** @type {(turn: TurnCost) => number} */ of) => turns.reduce((all, turn) => all + of(turn), 0);
  const priced = turns.length > 0 && turns.every(({ usd }) => usd !== null);
  return {
    input: sum(({ input }) => input),
    output: sum(({ output }) => output),
    usd: priced ? sum(({ usd }) => usd ?? 0) : null,
  };
}

/**
 * @param {number} promptTokens
 * @param {number} responseTokens
 * @param {Record<string, unknown>} metadata
 * @param {Price} price
 */
function usdOf(promptTokens, responseTokens, metadata, price) {
  const prompt = details(metadata.promptTokensDetails, promptTokens);
  const response = details(metadata.responseTokensDetails, responseTokens);
  let micro = number(metadata.thoughtsTokenCount) * price.outputText;
  for (const [modality, tokens] of prompt) micro += tokens * price[INPUT[modality] ?? 'inputText'];
  for (const [modality, tokens] of response)
    micro += tokens * (modality === 'AUDIO' ? price.outputAudio : price.outputText);
  return micro / 1_000_000;
}

/**
 * Tokens by modality; those without one count as text.
 * @param {unknown} list
 * @param {number} total
 * @returns {[modality: string, tokens: number][]}
 */
function details(list, total) {
  /** @type {[string, number][]} */
  const known = (Array.isArray(list) ? list : []).map((entry) => [String(entry?.modality), number(entry?.tokenCount)]);
  const rest = total - known.reduce((sum, [, tokens]) => sum + tokens, 0);
  return rest > 0 ? [...known, ['TEXT', rest]] : known;
}

/** @param {unknown} value */
const number = (value) => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0);
