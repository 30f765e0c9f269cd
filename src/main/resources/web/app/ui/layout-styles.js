import { css } from 'lit';

/** Where things are. */
export const layout = css`
  .app {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto auto minmax(0, 1fr) auto;
    block-size: 100%;
    position: relative;
    overflow: hidden;
  }

  .under {
    display: contents;
  }

  .skip {
    position: absolute;
    inset-block-start: 0.5rem;
    inset-inline-start: 0.5rem;
    z-index: 30;
    transform: translateY(-200%);
  }

  .skip:focus {
    transform: none;
  }

  header {
    display: flex;
    align-items: center;
    gap: 1rem;
    padding: 0.75rem max(1.25rem, env(safe-area-inset-right)) 0.75rem max(1.25rem, env(safe-area-inset-left));
  }

  h1 {
    font-size: 1.0625rem;
    font-weight: 650;
    letter-spacing: -0.01em;
  }

  .pill {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    padding-block: 0.25rem;
    padding-inline: 0.625rem 0.75rem;
    border-radius: 999px;
    background: var(--raised);
    font-size: 0.875rem;
    font-weight: 550;
    white-space: nowrap;
  }

  .pill::before {
    content: '';
    display: inline-block;
    margin-inline-end: 0.5rem;
    vertical-align: 0.0625rem;
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border-radius: 50%;
    background: var(--dot, var(--muted));
  }

  [data-look='listening'] .pill,
  [data-look='userSpeaking'] .pill {
    --dot: var(--good);
  }

  [data-look='thinking'] .pill,
  [data-look='speaking'] .pill {
    --dot: var(--accent);
  }

  [data-look='interrupted'] .pill,
  [data-look='reconnecting'] .pill,
  [data-look='muted'] .pill,
  [data-look='attention'] .pill {
    --dot: var(--warning);
  }

  [data-look='failed'] .pill {
    --dot: var(--danger);
  }

  .badge {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: 0.8125rem;
    color: var(--warning);
    white-space: nowrap;
  }

  .chip {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: 0.8125rem;
    color: var(--muted);
    white-space: nowrap;
  }




  .tools {
    display: flex;
    gap: 0.25rem;
    margin-inline-start: auto;
  }

  .notices {
    display: grid;
    gap: 0.5rem;
    padding-inline: 1.25rem;
  }

  .notices > :last-child {
    margin-block-end: 0.5rem;
  }

  .notice,
  .alert {
    display: flex;
    align-items: flex-start;
    gap: 0.75rem;
    padding-block: 0.625rem;
    padding-inline: 1rem 0.625rem;
    border-radius: var(--radius);
    background: var(--raised);
    font-size: 0.875rem;
    color: var(--muted);
  }

  .notice .icon {
    color: var(--accent);
    inline-size: 1.125rem;
    block-size: 1.125rem;
    margin-block-start: 0.125rem;
  }

  .notice p,
  .notice .words {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .notice summary {
    cursor: pointer;
  }

  .notice p,
  .notice .icon {
    margin-block: 0.125rem;
  }

  .notice.warning {
    align-items: center;
    flex-wrap: wrap;
    color: var(--text);
  }

  .notice.warning p {
    flex: 1 1 12rem;
    font-variant-numeric: tabular-nums;
  }

  .notice.warning > .icon {
    color: var(--warning);
  }

  .notice.warning .button {
    margin-block: 0;
  }

  .notice .button,
  .alert .button {
    min-block-size: 2.75rem;
    margin-block: -0.5rem;
  }

  .alert {
    align-items: center;
    border: 1px solid color-mix(in oklab, var(--danger) 45%, transparent);
    background: color-mix(in oklab, var(--danger) 9%, var(--surface));
    color: var(--text);
    font-size: 0.9375rem;
    flex-wrap: wrap;
  }

  .alert > .icon {
    color: var(--danger);
  }

  /* What the person can mend is no failure of the service. */
  [data-look='attention'] .alert {
    border-color: color-mix(in oklab, var(--warning) 45%, transparent);
    background: color-mix(in oklab, var(--warning) 9%, var(--surface));
  }

  [data-look='attention'] .alert > .icon {
    color: var(--warning);
  }

  .alert .words {
    flex: 1 1 10rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .alert small {
    display: block;
    color: var(--muted);
    font-size: 0.8125rem;
  }

  .alert .button {
    margin-block: 0;
  }

  .alert details {
    flex-basis: 100%;
    font-size: 0.8125rem;
    color: var(--muted);
  }

  .alert summary {
    cursor: pointer;
    padding-block: 0.375rem;
  }

  .alert code {
    overflow-wrap: anywhere;
  }

  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 26rem;
    min-block-size: 0;
  }

  .stage {
    position: relative;
    display: grid;
    justify-items: center;
    align-items: center;
    gap: 1rem;
    padding: 1rem 1.25rem;
    min-block-size: 0;
    overflow: hidden;
  }

  .presence {
    display: grid;
    justify-items: center;
    gap: clamp(1.5rem, 5vmin, 3rem);
    min-inline-size: 0;
  }

  .caption {
    display: grid;
    justify-items: center;
    gap: 1rem;
    text-align: center;
    max-inline-size: 36rem;
  }

  .caption p {
    font-size: 1.1875rem;
    line-height: 1.4;
    letter-spacing: -0.01em;
    color: var(--muted);
    text-wrap: balance;
    min-block-size: 1.4em;
  }

  .intro {
    display: grid;
    justify-items: center;
    gap: 0.75rem;
    max-inline-size: 36rem;
  }

  .intro h2 {
    font-size: 1.75rem;
    font-weight: 650;
    letter-spacing: -0.02em;
    line-height: 1.2;
    color: var(--text);
  }

  .stage:has(.intro) .orb {
    inline-size: clamp(5rem, 20vmin, 10rem);
  }

  .caption .intro p {
    font-size: 0.9375rem;
    min-block-size: 0;
  }

  .intro details {
    font-size: 0.875rem;
    color: var(--muted);
  }

  .intro summary {
    cursor: pointer;
    padding-block: 0.25rem;
    color: var(--accent);
  }

  .intro .command {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
  }

  .intro code {
    padding: 0.25rem 0.5rem;
    border-radius: 0.5rem;
    background: var(--raised);
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }

  .intro a {
    display: inline-block;
    padding-block: 0.25rem;
    color: var(--accent);
  }

  .intro .suggestions {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.5rem;
    padding-block-start: 0.5rem;
  }

  .suggestion {
    font-size: 0.9375rem;
    font-weight: 450;
  }

  /* Two lines, empty or not, so that nothing moves. */
  .caption .live {
    display: flex;
    align-items: flex-end;
    justify-content: center;
    inline-size: min(32rem, 100%);
    block-size: 3.5rem;
    font-size: 1.25rem;
    color: var(--text);
    overflow: hidden;
    overflow-wrap: anywhere;
  }

  .caption .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.5rem;
  }
`;
