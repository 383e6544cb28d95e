// The tab's icon as a ring that fills while a run trains.
import { useEffect } from 'react';
import { useLab } from './use-lab.ts';

const RADIUS = 12;
const AROUND = 2 * Math.PI * RADIUS;
/** Steps of the ring: the icon is drawn anew at each, not at each step of the run. */
const PARTS = 24;

function ring(part: number): string {
  const done = (AROUND * part) / PARTS;
  const circle = `cx="16" cy="16" r="${RADIUS}" fill="none" stroke-width="6"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle ${circle} stroke="#85888e" stroke-opacity=".4"/><circle ${circle} stroke="#0b8b92" stroke-dasharray="${done.toFixed(1)} ${AROUND.toFixed(1)}" transform="rotate(-90 16 16)"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function useProgressIcon(): void {
  /** Null: nothing trains, or for how long is not known. */
  const part = useLab(({ active, live }) =>
    active !== null && live?.totalSteps ? Math.floor((PARTS * live.step) / live.totalSteps) : null,
  );
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!icon || part === null) return;
    const plain = icon.dataset['plain'] ?? icon.href;
    icon.dataset['plain'] = plain;
    icon.href = ring(part);
    return () => {
      icon.href = plain;
    };
  }, [part]);
}
