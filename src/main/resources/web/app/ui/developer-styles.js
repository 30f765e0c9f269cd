import { css } from 'lit';

export const developer = css`
  .tabs {
    display: flex;
    flex-wrap: wrap;
    border-block-end: 1px solid var(--hairline);
  }

  .tabs .button {
    border-radius: 0;
    padding-inline: 0.375rem;
    font-size: 0.9375rem;
    border-block-end: 2px solid transparent;
    color: var(--muted);
  }

  .tabs .button[aria-selected='true'] {
    border-block-end-color: var(--accent);
    color: var(--text);
  }

  .tab {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.5rem;
    align-content: start;
  }

  .events {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.8125rem;
  }

  .events li {
    border-block-end: 1px solid var(--hairline);
  }

  .event {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.25rem 0;
    border: 0;
    background: none;
    color: var(--muted);
    font: inherit;
    text-align: start;
    cursor: pointer;
  }

  .event:disabled {
    cursor: default;
  }

  .event b {
    flex: none;
    font-weight: 600;
    color: var(--text);
  }

  .event time {
    flex: none;
    font-variant-numeric: tabular-nums;
  }

  .event .line {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .events pre {
    margin: 0 0 0.75rem;
    max-block-size: 20rem;
    overflow: auto;
    padding: 0.625rem 0.75rem;
    border-radius: 0.75rem;
    background: var(--raised);
    font: 0.8125rem / 1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    color: var(--text);
  }

  tfoot th,
  tfoot td {
    font-weight: 600;
    color: var(--text);
  }

  .wide-facts {
    grid-template-columns: minmax(0, 1fr);
  }

  .experts {
    margin-block-start: 1.25rem;
    padding-block-start: 0.625rem;
    border-block-start: 1px solid var(--hairline);
  }

  .experts > summary {
    padding-block: 0.625rem;
    margin-block-end: 0.5rem;
    font-weight: 600;
    color: var(--accent);
    cursor: pointer;
  }
`;
