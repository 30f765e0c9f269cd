import { html, nothing } from 'lit';
import { problem as problemOf } from '../net/errors.js';
import { icons } from './icons.js';

/**
 * Messages beside the conversation: one alert, one warning, and notices that can be dismissed.
 *
 * @typedef {import('../gemini-live.js').GeminiLive} Host
 * @typedef {NonNullable<import('../state/machine.js').State['warning']>} Warning
 */

/** From here on a time of day says more than a number of minutes. */
const LONG_WAIT_MS = 3_600_000;

/** @param {Host} host */
export function noticesView(host) {
  const { words, conversation, access } = host;
  const { state } = conversation;
  const { session } = state;
  // What was asked before a conversation counts until one has begun.
  const insecure = host.environment.mediaDevices ? null : problemOf('insecure', 'microphone', { retry: 'never' });
  const problem = state.problem ?? (state.phase === 'idle' ? (access.refusal ?? insecure) : null);
  const notices = session?.notices ?? [];
  const key = `notices ${notices.join(' ')}`;
  return html`<section class="notices" aria-label=${words.text('app.notices')}>
    ${state.warning ? warningView(host, state.warning) : nothing}
    ${notices.length > 0 && !host.dismissed.has(key) ? adjustmentsView(host, key, notices) : nothing}
    <div role="alert">${problem && problem.id !== 'moved' ? alertView(host, problem) : nothing}</div>
  </section>`;
}

/**
 * The service's own sentences are English and for engineers: they are below a sentence for people.
 * @param {Host} host
 * @param {string} key
 * @param {string[]} notices
 */
function adjustmentsView(host, key, notices) {
  return html`<div class="notice">
    ${icons.spark}
    <details class="words">
      <summary>${host.words.text('app.adjusted')}</summary>
      ${notices.map((notice) => html`<p lang="en" dir="ltr">${notice}</p>`)}
    </details>
    <button type="button" class="button quiet round" aria-label=${host.words.text('action.dismiss')} @click=${() => host.dismiss(key)}>
      ${icons.close}
    </button>
  </div>`;
}

/**
 * @param {import('../i18n/index.js').Words} words
 * @param {Warning} warning
 * @param {number} now
 */
export function warningText(words, { code, at }, now) {
  const id = `warning.${code}`;
  return words.text(words.has(id) ? id : 'warning.other', { when: words.until(Math.max(0, at - now)) });
}

/**
 * The countdown is for eyes only: read aloud each second it would talk over the conversation.
 * @param {Host} host
 * @param {Warning} warning
 */
function warningView(host, warning) {
  const { words, conversation, now } = host;
  const idle = warning.code === 'idle_timeout';
  const expiring = warning.code === 'auth_expiring';
  const button = (/** @type {string} */ id, /** @type {() => void} */ run) =>
    html`<button type="button" class="button" @click=${run}>${words.text(id)}</button>`;
  return html`<div class="notice warning">
    ${icons.warning}
    <p>${warningText(words, warning, now)}</p>
    ${
      idle
        ? conversation.state.flags.ptt
          ? nothing
          : button('action.stay', () => conversation.stay())
        : expiring
          ? logInLink(host, host.access.loginUrl)
          : button('action.goOn', () => host.renew())
    }
  </div>`;
}

/**
 * @param {Host} host
 * @param {import('../net/errors.js').Problem} problem
 */
export function alertView(host, problem) {
  const { words, conversation, access } = host;
  const id = `problem.${problem.id}`;
  const failed = conversation.state.phase === 'failed';
  // What the service said when it was asked stays until it says something else.
  const fixed = failed || !conversation.state.problem;
  const { message = '' } = problem.params;
  // The service's sentence, code and reference are for the operator.
  const technical = [message, problem.detail].filter(Boolean).join('\n');
  return html`<div class="alert">
    ${icons.warning}
    <div class="words">
      <p>${words.text(words.has(id) ? id : 'problem.other', problem.params)}</p>
      ${problem.retryAfterMs ? html`<small>${comeBack(host, problem.retryAfterMs)}</small>` : nothing}
    </div>
    ${
      failed && problem.source === 'microphone'
        ? html`<button type="button" class="button" @click=${() => host.typeInstead()}>${words.text('action.typeInstead')}</button>`
        : nothing
    }
    ${logInLink(host, access.loginUrl)}
    ${
      fixed
        ? nothing
        : html`<button type="button" class="button quiet round" aria-label=${words.text('action.dismiss')}
            @click=${() => conversation.dismiss()}>${icons.close}</button>`
    }
    ${
      technical
        ? html`<details>
            <summary>${words.text('action.details')}</summary>
            ${message ? html`<p lang="en" dir="auto">${message}</p>` : nothing}
            <code>${problem.detail}</code>
            <button type="button" class="button quiet" @click=${() => host.copy(technical, 'problem')}>
              ${words.text(host.copied === 'problem' ? 'action.copied' : 'action.copy')}
            </button>
          </details>`
        : nothing
    }
  </div>`;
}

/**
 * The way to log in.
 * @param {Host} host
 * @param {string} url empty when no login helps
 */
function logInLink({ words }, url) {
  return url ? html`<a class="button" href=${url}>${words.text('action.logIn')}</a>` : nothing;
}

/**
 * @param {Host} host
 * @param {number} inMs
 */
function comeBack({ words, environment }, inMs) {
  return inMs < LONG_WAIT_MS
    ? words.text('problem.retryAfter', { when: words.until(inMs) })
    : words.text('problem.comeBack', { time: words.moment(environment.clock.wall() + inMs) });
}
