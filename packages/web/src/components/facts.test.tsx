import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Facts } from './facts.tsx';

it('has each term with its value, and reads figures out where they change', () => {
  const plain = renderToStaticMarkup(<Facts facts={[['Series', '5'], ['Engine', <b key="cpu">cpu</b>]]} />);
  expect(plain).toMatch(/<dt>Series<\/dt><dd>5<\/dd>.*<dt>Engine<\/dt><dd><b>cpu<\/b><\/dd>/);
  expect(plain).not.toContain('aria-live');
  const figures = renderToStaticMarkup(<Facts label="Estimate" figures stale facts={[['Rows', '100']]} />);
  expect(figures).toContain('aria-label="Estimate" aria-live="polite"');
  expect(figures).toContain('data-stale="true"');
});
