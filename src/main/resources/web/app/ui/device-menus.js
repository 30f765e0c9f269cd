import { css, html, nothing } from 'lit';
import texts from '../i18n/en-panels.js';
import { addEnglish } from '../i18n/index.js';
import { Speaker } from '../media/speaker.js';
import { panels } from './panel-styles.js';
import { choice, deviceChoices, volumeField } from './settings-panel.js';

/** What is chosen beside a control: its device, and the volume. Fetched when the first menu is opened. */

/** @typedef {import('../gemini-live.js').GeminiLive} Host */
/** @typedef {'microphone' | 'sound' | 'camera'} Menu */

addEnglish(texts);

/**
 * @param {Host} host
 * @param {Menu} menu
 */
export function menuView(host, menu) {
  switch (menu) {
    case 'microphone':
      return choice(host, 'microphone', 'settings.device', deviceChoices(host, 'audioinput'));
    case 'camera':
      return choice(host, 'camera', 'settings.device', deviceChoices(host, 'videoinput'));
    case 'sound':
      return html`${volumeField(host)}
      ${Speaker.canChooseOutput ? choice(host, 'speaker', 'settings.device', deviceChoices(host, 'audiooutput')) : nothing}`;
  }
}

export const styles = css`
  ${panels}

  .choose .menu .field {
    grid-template-columns: minmax(0, 1fr);
  }
`;
