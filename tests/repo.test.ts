// The rules of the house that no compiler knows: sizes of files, menus, docs that name what is there.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const sources = tracked.filter((path) => /^src\/.*\.(ts|tsx|css|wgsl)$/.test(path));

/** Packages that a room may import; a folder named with a slash is the exact package. */
const packages: Readonly<Record<string, readonly string[]>> = {
  core: ['zod', '@noble/hashes', 'fflate', 'hyparquet', 'hyparquet-compressors', 'fast-png', 'd3-dsv'],
  catalog: ['zod'],
  experiment: ['zod'],
  engine: ['@tensorflow'],
  session: ['zustand', 'idb'],
  ui: ['react', 'react-dom', 'recharts', 'lucide-react', 'zustand'],
  cli: ['playwright', 'commander', 'sirv', 'vite', 'assemblyscript', 'node:'],
};

function importsOf(path: string): string[] {
  const found = read(path).matchAll(/(?:from\s+|import\s*\(?\s*)'([^'\n]+)'/g);
  return [...found].map((match) => match[1] as string);
}

describe('files', () => {
  test.each(sources)('%s has at most 300 lines', (path) => {
    expect(read(path).split('\n').length).toBeLessThanOrEqual(301);
  });

  test('source files are named in kebab case', () => {
    const odd = sources.filter((path) => !/^src(\/[a-z0-9-]+)+(\.d)?\.(ts|tsx|css|wgsl)$/.test(path));
    expect(odd).toEqual([]);
  });

  test('source files open with a comment that says what they hold', () => {
    const silent = sources.filter((path) => /\.tsx?$/.test(path) && !/^(\/\/|\/\*)/.test(read(path)));
    expect(silent).toEqual([]);
  });

  test('no room imports a package of another room', () => {
    const foreign: string[] = [];
    for (const path of sources.filter((name) => /\.tsx?$/.test(name))) {
      const allowed = packages[path.split('/')[1] as string] ?? [];
      for (const name of importsOf(path)) {
        if (name.startsWith('.')) continue;
        if (!allowed.some((one) => name === one || name.startsWith(one.endsWith(':') ? one : `${one}/`))) {
          foreign.push(`${path}: ${name}`);
        }
      }
    }
    expect(foreign).toEqual([]);
  });

  test('each catalog entry is in the index of its folder', () => {
    const folders = readdirSync(join(root, 'src/catalog'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    for (const { name: folder } of folders) {
      const index = read(`src/catalog/${folder}/index.ts`);
      const kind = folder.replace(/ies$/, 'y').replace(/s$/, '');
      const parts = [
        'index.ts',
        `${kind}.ts`,
        'fields.ts',
        'patches.ts',
        'preset.ts',
        'lines.ts',
        'target-figures.ts',
        'noise-figures.ts',
        'quantities.ts',
        'hourglass-points.ts',
        'published-figures.ts',
        'verdict.ts',
      ];
      const files = readdirSync(join(root, 'src/catalog', folder), { recursive: true, encoding: 'utf8' });
      for (const file of files.filter((name) => name.endsWith('.ts') && !parts.includes(name))) {
        expect(index, `src/catalog/${folder}/${file}`).toContain(`./${file}`);
      }
    }
  });

  test('all rooms have their own tsconfig and are referenced', () => {
    const references = read('tsconfig.json');
    for (const room of Object.keys(packages)) {
      expect(existsSync(join(root, 'src', room, 'tsconfig.json'))).toBe(true);
      expect(references).toContain(`src/${room}`);
    }
  });
});

const docs = tracked.filter((path) => /^(README|CONTRIBUTING|docs\/[^/]+)\.?(md)?$/.test(path));

describe.each(docs)('%s', (path) => {
  test('names files that are there', () => {
    const named = [
      ...read(path).matchAll(/`((?:src|tests|e2e|docs|datasets|public)\/[A-Za-z0-9_./-]+)`/g),
    ].map((match) => match[1]);
    const missing = named.filter((name) => !existsSync(join(root, name as string)));
    expect(missing).toEqual([]);
  });

  test('links lead somewhere', () => {
    const targets = [...read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      (match) => match[1] as string,
    );
    const broken = targets.filter(
      (target) => !/^https?:/.test(target) && !existsSync(resolve(root, path, '..', target)),
    );
    expect(broken).toEqual([]);
  });
});

test('the drawing of the tree names every room and folder of src', () => {
  const drawing = read('docs/architecture.md');
  for (const room of Object.keys(packages)) expect(drawing).toContain(`  ${room}/`);
});

test('every dependency has its reason in docs/decisions.md', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  const reasons = read('docs/decisions.md');
  const without = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !reasons.includes(`\`${name}\``),
  );
  expect(without).toEqual([]);
});

test('no dependency brings an install script but those known, and the lock names no host', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const scripted = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript);
  expect(scripted.map(([name]) => name.replace(/^.*node_modules\//, ''))).toEqual(['esbuild']);
  expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
});
