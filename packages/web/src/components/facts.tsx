import type { ReactNode } from 'react';
import classes from './facts.module.css';

export type Fact = readonly [term: string, value: ReactNode];

export interface FactsProps {
  readonly facts: readonly Fact[];
  readonly label?: string;
  /** Values stand to the right, and a change of them is read out. */
  readonly figures?: boolean;
  /** Values are of what was asked for before. */
  readonly stale?: boolean;
}

/** What is known of one thing: terms, each with its value beside it. */
export function Facts({ facts, label, figures = false, stale = false }: FactsProps) {
  return (
    <dl className={classes['facts']} aria-label={label} aria-live={figures ? 'polite' : undefined} data-figures={figures || undefined} data-stale={stale || undefined}>
      {facts.map(([term, value]) => (
        <div key={term} className={classes['fact']}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
