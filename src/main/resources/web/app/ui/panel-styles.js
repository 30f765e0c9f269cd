import { css } from 'lit';

export const panels = css`
  .panel {
    position: absolute;
    z-index: 20;
    inset-block: 0;
    inset-inline-end: 0;
    inline-size: min(30rem, 100%);
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    background: var(--surface);
    border-inline-start: 1px solid var(--hairline);
    box-shadow: calc(-1rem * var(--end, 1)) 0 3rem rgb(15 20 40 / 12%);
    animation: slide 180ms ease-out;
  }

  .app[dir='rtl'] .panel {
    --end: -1;
  }

  @keyframes slide {
    from {
      translate: calc(1.5rem * var(--end, 1)) 0;
      opacity: 0;
    }
  }

  .panel > .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-block: 0.625rem 0.375rem;
    padding-inline: 1.5rem 0.75rem;
  }

  .panel h2 {
    font-size: 1.125rem;
    font-weight: 650;
    letter-spacing: -0.01em;
    color: var(--text);
    outline: none;
  }

  .panel .content {
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 0.5rem 1.5rem max(2rem, env(safe-area-inset-bottom));
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.5rem;
    align-content: start;
  }

  .panel h3 {
    font-size: 0.9375rem;
    font-weight: 600;
    margin-block-end: 0.625rem;
  }

  .panel .hint {
    font-size: 0.8125rem;
    color: var(--muted);
    text-wrap: pretty;
  }

  fieldset {
    border: 0;
    padding: 0;
    margin: 0;
    min-inline-size: 0;
    display: grid;
    gap: 0.75rem;
  }

  legend {
    padding: 0;
    margin-block-end: 0.625rem;
    font-size: 0.9375rem;
    font-weight: 600;
  }

  fieldset + fieldset {
    border-block-start: 1px solid var(--hairline);
    margin-block-start: 1.25rem;
    padding-block-start: 1.25rem;
  }

  fieldset + fieldset legend {
    float: inline-start;
    inline-size: 100%;
  }

  fieldset + fieldset legend + * {
    clear: both;
  }

  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1.2fr);
    align-items: center;
    gap: 0.25rem 1rem;
    min-block-size: 2.75rem;
    font-size: 0.9375rem;
  }

  .field .hint {
    grid-column: 1 / -1;
  }

  .field.wide {
    grid-template-columns: minmax(0, 1fr);
  }

  .field select,
  .field textarea {
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--border);
    border-radius: 0.75rem;
    background: var(--background);
    color: var(--text);
  }

  .field select option {
    background: light-dark(#ffffff, #161922);
    color: light-dark(#14161c, #f2f4f8);
  }

  .field textarea {
    resize: vertical;
    min-block-size: 5.5rem;
  }

  .field input[type='range'] {
    inline-size: 100%;
    min-block-size: 2.75rem;
    accent-color: var(--accent);
  }

  .check {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    min-block-size: 2.75rem;
    font-size: 0.9375rem;
    cursor: pointer;
  }

  .check input {
    flex: none;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    margin: 0;
    accent-color: var(--accent);
  }

  .renew {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75rem;
    padding: 0.75rem 1rem;
    border-radius: var(--radius);
    background: color-mix(in oklab, var(--accent) 10%, var(--surface));
    font-size: 0.9375rem;
  }

  .renew p {
    flex: 1 1 12rem;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }

  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
  }

  caption {
    text-align: start;
  }

  th,
  td {
    padding: 0.4375rem 0.375rem;
    text-align: end;
    font-weight: 400;
    border-block-end: 1px solid var(--hairline);
    white-space: nowrap;
  }

  th:first-child {
    padding-inline-start: 0;
    text-align: start;
    white-space: normal;
  }

  thead th {
    color: var(--muted);
    font-size: 0.8125rem;
  }

  .wide-table {
    overflow-x: auto;
  }

  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
    gap: 0.875rem 1rem;
  }

  .facts dt {
    font-size: 0.8125rem;
    color: var(--muted);
  }

  .facts dd {
    font-variant-numeric: tabular-nums;
  }

  .facts small {
    color: var(--muted);
    font-size: 0.8125rem;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    font-size: 0.8125rem;
    color: var(--muted);
    margin-block-end: 0.75rem;
  }

  .legend i {
    display: inline-block;
    inline-size: 0.75rem;
    block-size: 0.75rem;
    border-radius: 0.1875rem;
    margin-inline-end: 0.375rem;
    vertical-align: -0.0625rem;
  }

  .part-network {
    background: light-dark(#1550c8, #9cc0ff);
    forced-color-adjust: none;
  }

  .part-service {
    background: light-dark(#0a7d4b, #6fdcaa);
    forced-color-adjust: none;
  }

  .part-model {
    background: light-dark(#7b57ee, #c0a9ff);
    forced-color-adjust: none;
  }

  .part-buffer {
    background: light-dark(#c2730c, #ffc46b);
    forced-color-adjust: none;
  }

  .bars {
    display: grid;
    gap: 0.5rem;
  }

  .bars li {
    display: grid;
    grid-template-columns: 1.75rem minmax(0, 1fr) 4.5rem;
    align-items: center;
    gap: 0.5rem;
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }

  .bars li > :last-child {
    text-align: end;
  }

  .bars .bar {
    display: flex;
    block-size: 0.875rem;
    border-radius: 0.25rem;
    overflow: hidden;
    gap: 1px;
  }

  .bars .bar i {
    display: block;
    block-size: 100%;
    flex: 0 0 auto;
  }

  .bars .bar i:last-child {
    border-start-end-radius: 0.25rem;
    border-end-end-radius: 0.25rem;
  }

  canvas {
    display: block;
    inline-size: 100%;
    block-size: 4rem;
    color: var(--accent);
  }

  .keys {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.75rem 1.25rem;
    align-items: center;
  }

  kbd {
    display: inline-block;
    min-inline-size: 2rem;
    padding: 0.125rem 0.5rem;
    border: 1px solid var(--border);
    border-radius: 0.5rem;
    background: var(--background);
    font: 0.875rem / 1.5 inherit;
    text-align: center;
  }

  /* Letters that are joined are not set in a fixed width. */
  .app[dir='rtl'] kbd {
    font-family: inherit;
  }

  @container live (max-width: 52rem) {
    .panel {
      inline-size: 100%;
      border: 0;
    }

    .panel > .head,
    .panel .content {
      padding-inline-start: 1rem;
    }

    .panel > .head {
      padding-inline-end: 0.5rem;
    }

    .panel .content {
      padding-inline-end: 1rem;
    }
  }

  @container live (max-width: 24rem) {
    .field {
      grid-template-columns: minmax(0, 1fr);
    }

    /* Three figures with their units leave no room for a long name: the unit goes below, the name breaks. */
    .measures td {
      white-space: normal;
    }

    .measures th:first-child {
      overflow-wrap: anywhere;
      hyphens: auto;
    }
  }
`;
