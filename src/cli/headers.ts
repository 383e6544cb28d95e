// The response headers that the lab is served with: a strict content policy, and isolation, which threads need.
// The build writes the same headers into `_headers` for hosts that read that file.

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' https://huggingface.co https://*.huggingface.co https://*.hf.co",
  "manifest-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lab-worker',
].join('; ');

/** Sent with every file, worker scripts included: a worker's policy comes from its own response. */
export const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Names under /assets/ carry a hash of the content; everything else is asked for again. */
export function cacheControl(path: string): string {
  return path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The `_headers` file of static hosts. */
export function headersFile(): string {
  const all = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  return [
    '/*',
    ...all,
    '',
    '/assets/*',
    `  Cache-Control: ${cacheControl('/assets/')}`,
    '',
    '/index.html',
    `  Cache-Control: ${cacheControl('/index.html')}`,
    '',
  ].join('\n');
}
