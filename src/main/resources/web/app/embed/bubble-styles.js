import { css } from 'lit';

/** A round button in the corner of the host page, and the widget that it opens. On a phone the widget is the screen. */
export const bubble = css`
  :host([variant='bubble']) {
    position: fixed;
    z-index: 1000;
    inset-block-end: max(1rem, env(safe-area-inset-bottom));
    inset-inline-end: max(1rem, env(safe-area-inset-right));
    inline-size: 3.5rem;
    block-size: 3.5rem;
    min-block-size: 0;
    background: none;
  }

  :host([variant='bubble'][open]) {
    inline-size: min(360px, 100dvw - 2rem);
    block-size: min(480px + 4.25rem, 100dvh - 2rem);
  }

  .notices > .button {
    justify-self: start;
  }

  .widget {
    position: absolute;
    inset: 0 0 4.25rem;
    overflow: hidden;
    border: 1px solid var(--hairline);
    border-radius: 1.25rem;
    background: var(--background);
    box-shadow: 0 1px 3px rgb(15 20 40 / 12%), 0 16px 48px rgb(15 20 40 / 22%);
  }

  .widget[hidden] {
    display: none;
  }

  .bubble {
    position: absolute;
    inset-block-end: 0;
    inset-inline-end: 0;
    display: grid;
    place-items: center;
    inline-size: 3.5rem;
    block-size: 3.5rem;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: var(--accent);
    color: var(--on-accent);
    box-shadow: 0 1px 3px rgb(15 20 40 / 18%), 0 8px 24px rgb(15 20 40 / 24%);
    cursor: pointer;
  }

  /* A conversation runs. */
  .bubble:not([data-look='']):not([data-look='failed'])::after {
    content: '';
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    inline-size: 0.875rem;
    block-size: 0.875rem;
    border: 2px solid var(--background);
    border-radius: 50%;
    background: var(--good);
  }

  .bubble:is([data-look='muted'], [data-look='reconnecting'], [data-look='attention'])::after {
    background: var(--warning);
  }

  @media (min-width: 30.01rem) and (min-height: 34.01rem) {
    .widget .stage:has(.intro) .orb {
      inline-size: 3.5rem;
    }

    .widget .intro h2 {
      font-size: 1.25rem;
    }
  }

  @media (forced-colors: active) {
    .widget,
    .bubble {
      border: 2px solid ButtonBorder;
    }
  }

  @media (max-width: 30rem), (max-height: 34rem) {
    :host([variant='bubble'][open]) {
      inset: 0;
      inline-size: auto;
      block-size: 100dvh;
    }

    .widget {
      inset: 0;
      border: 0;
      border-radius: 0;
    }

    :host([open]) .bubble {
      inset-block: max(0.5rem, env(safe-area-inset-top)) auto;
      inset-inline-end: max(0.5rem, env(safe-area-inset-right));
      inline-size: 2.75rem;
      block-size: 2.75rem;
      background: var(--raised);
      color: var(--text);
      box-shadow: none;
    }

    .widget header {
      padding-inline-end: 3.75rem;
    }
  }
`;
