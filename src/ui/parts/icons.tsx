// The few drawings that are not letters. All are decoration: the word stands beside them or in a label.

export function BrandMark() {
  return (
    <svg width="20" height="16" viewBox="0 0 20 16" aria-hidden="true">
      <path d="M1.5 1v14M7 6v4M12.5 1v14M18 6v4" stroke="var(--ink)" strokeWidth="1.5" />
      <path
        d="M1.5 1 7 6l5.500-5L18 6M1.500 15 7 10l5.500 5L18 10"
        stroke="var(--ink)"
        strokeWidth=".75"
        fill="none"
        opacity=".55"
      />
    </svg>
  );
}

export function PlayIcon() {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <path d="M2 1v8l7-4z" fill="currentColor" />
    </svg>
  );
}

export function StopIcon() {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <rect x="1.500" y="1.500" width="7" height="7" fill="currentColor" />
    </svg>
  );
}

export function LinkIcon() {
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.1"
      aria-hidden="true"
    >
      <path d="M5 7a2 2 0 0 0 3 .2l2-2a2.100 2.100 0 0 0-3-3l-1 1M7 5a2 2 0 0 0-3-.2l-2 2a2.100 2.100 0 0 0 3 3l1-1" />
    </svg>
  );
}

export function WarningIcon({ tone }: { readonly tone: 'err' | 'warn' }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <path d="M7 1.500 13 12.500H1z" fill="none" stroke={`var(--${tone})`} />
      <path d="M7 5.500v3.500M7 10.300v1" stroke={`var(--${tone})`} />
    </svg>
  );
}

export function StarIcon({ isOn }: { readonly isOn: boolean }) {
  return (
    <svg width="13" height="13" viewBox="0 0 13 13" aria-hidden="true">
      <path
        d="M6.500 1.300l1.600 3.400 3.700.5-2.700 2.600.7 3.700-3.300-1.800-3.300 1.800.7-3.700L1.200 5.200l3.700-.5z"
        fill={isOn ? 'var(--ink)' : 'none'}
        stroke={isOn ? 'var(--ink)' : 'var(--field)'}
        strokeLinejoin="round"
      />
    </svg>
  );
}
