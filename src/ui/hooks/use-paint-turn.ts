// A view paints before its plots and what else can wait, and those are drawn one a frame: no long task of many charts.
import { useEffect, useState } from 'react';

type Draw = () => void;

const waiting: Draw[] = [];

/** Behind a painted frame, so that each part has a task of its own. */
function serve(): void {
  requestAnimationFrame(() => {
    setTimeout(() => {
      waiting.shift()?.();
      if (waiting.length > 0) serve();
    });
  });
}

function queue(draw: Draw): () => void {
  waiting.push(draw);
  if (waiting.length === 1) serve();
  return () => {
    const at = waiting.indexOf(draw);
    // The place is kept: whoever is served next was promised that frame.
    if (at >= 0) waiting[at] = () => undefined;
  };
}

/** False until this part's turn; then true for good. */
export function usePaintTurn(): boolean {
  const [isOn, setOn] = useState(false);
  useEffect(() => queue(() => setOn(true)), []);
  return isOn;
}
