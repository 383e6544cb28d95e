// What a first visit must load before it can paint: the scripts that the built page names.
import { readFileSync } from 'node:fs';

const page = readFileSync('dist/index.html', 'utf8');
const scripts = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)].map(([, path]) => `dist/${path}`);

export default [{ name: 'JavaScript before the first paint', path: scripts, limit: '250 kB', gzip: true }];
