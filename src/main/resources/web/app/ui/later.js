import { styles as menuStyles, menuView } from './device-menus.js';
import { styles as panelStyles, panelView } from './panels.js';
import { addPictures, choosePictures } from './picture-input.js';
import { styles as previewStyles, previewsView } from './previews.js';
import { styles as cardStyles, toolCard } from './tool-card.js';

/**
 * The views that are fetched when they are first needed, as one bundle: the bundler makes a chunk, and the browser a
 * request, of each set of bundles that share code with the page.
 */
export const cards = { toolCard, styles: cardStyles };
export const menus = { menuView, styles: menuStyles };
export const panels = { panelView, styles: panelStyles };
export const previews = { previewsView, styles: previewStyles };
export const pictureInput = { addPictures, choosePictures };
