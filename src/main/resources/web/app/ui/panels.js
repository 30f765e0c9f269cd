import { css, html } from 'lit';
import texts from '../i18n/en-panels.js';
import { addEnglish } from '../i18n/index.js';
import { accountView } from './account-panel.js';
import { developerView } from './developer-panel.js';
import { developer } from './developer-styles.js';
import { icons } from './icons.js';
import { panels } from './panel-styles.js';
import { settingsView } from './settings-panel.js';

export const styles = css`
  ${panels}
  ${developer}
`;

addEnglish(texts);

/** @param {import('../gemini-live.js').GeminiLive} host */
export function panelView(host) {
  const { words } = host;
  const body = { developer: developerView, settings: settingsView, help: helpView, account: accountView };
  const panel = host.panel || 'help';
  return html`<div class="panel" role="dialog" aria-labelledby="panel-title">
    <div class="head">
      <h2 id="panel-title" tabindex="-1">${words.text(`${panel}.title`)}</h2>
      <button type="button" class="button quiet round" aria-label=${words.text('action.close')} @click=${() => host.closePanel()}>
        ${icons.close}
      </button>
    </div>
    <div class="content" tabindex="0" role="group" aria-labelledby="panel-title">${body[panel](host)}</div>
  </div>`;
}

/** @param {import('../gemini-live.js').GeminiLive} host */
function helpView({ words }) {
  const keys = [
    [words.text('help.space'), 'help.talk'],
    ['M', 'help.mute'],
    ['V', 'help.camera'],
    ['S', 'help.screen'],
    ['Esc', 'help.interrupt'],
    ['/', 'help.compose'],
    ['L', 'help.developer'],
    [',', 'help.settings'],
    ['?', 'help.help'],
  ];
  return html`<dl class="keys">
    ${keys.map(([key, text]) => html`<dt><kbd>${key}</kbd></dt><dd>${words.text(text)}</dd>`)}
  </dl>`;
}
