/**
 * A value of the wire, or of who embeds the element, as text.
 * @param {unknown} value
 */
export function shownJson(value) {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Nested too deeply, in a circle, or with a BigInt: not sayable in JSON, and no reason to show nothing else.
    return '…';
  }
}
