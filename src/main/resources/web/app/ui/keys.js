/** What a key press means, on any layout and with any input method. */

/** What browsers report instead of a key that an input method has taken. */
const TAKEN = 229;

/**
 * Whether a key press belongs to an input method: it chooses or ends a composition and says nothing to the page. Safari
 * sends the press that ends one behind `compositionend`, with `isComposing` false and this key code.
 * @param {KeyboardEvent} event
 */
export function isComposing(event) {
  return event.isComposing || event.keyCode === TAKEN;
}

/** What stands in the place of a name when the browser does not know the character. */
const UNNAMED = new Set(['Dead', 'Process', 'Unidentified']);
/** Keys by their place on the keyboard; where layouts have other characters than Latin ones. @type {Record<string, string>} */
const PLACES = { Comma: ',', Slash: '/', Space: ' ' };
const SHIFTED = new Map([['/', '?']]);

/**
 * The character that a press stands for among the shortcuts. A Latin character counts as it is, wherever its key is; for
 * any other one the place of the key counts.
 * @param {KeyboardEvent} event
 */
export function shortcutKey({ key, code, shiftKey }) {
  if (/^[\x20-\x7e]$/.test(key)) return key.toLowerCase();
  // Named keys, such as Enter; a layout's characters are one or two long.
  if (/^[A-Z][A-Za-z0-9]+$/.test(key) && !UNNAMED.has(key)) return key;
  const place = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase() ?? PLACES[code] ?? '';
  return (shiftKey && SHIFTED.get(place)) || place;
}
