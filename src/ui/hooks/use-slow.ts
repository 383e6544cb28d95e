// A value that changes often, followed at most so often: the first change at once, the last one never lost.
import { useEffect, useRef, useState } from 'react';

export function useSlow<T>(value: T, pauseMs: number): T {
  const [followed, setFollowed] = useState(value);
  const takenAt = useRef(0);
  useEffect(() => {
    if (Object.is(value, followed)) return;
    const wait = takenAt.current + pauseMs - performance.now();
    const take = (): void => {
      takenAt.current = performance.now();
      setFollowed(value);
    };
    if (wait <= 0) {
      take();
      return;
    }
    const timer = setTimeout(take, wait);
    return () => clearTimeout(timer);
  }, [value, followed, pauseMs]);
  return followed;
}
