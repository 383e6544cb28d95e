// A build plugin that writes the licences of everything that ends up in the page or in its workers.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const FILE = 'third-party-notices.md';

/** The folder of the package that a module belongs to, or null for our own. */
function packageFolder(id: string): string | null {
  const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, '').split('?')[0] ?? '');
  return match?.[1] ?? null;
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file
    ? readFileSync(join(folder, file), 'utf8').trim()
    : `Licence: ${license ?? 'see the package'}`;
  return `## ${name} ${version} (${license ?? 'see below'})\n\n${text}\n`;
}

/** One instance for the page and one for its workers, which are built before it. */
export function notices(): { readonly page: Plugin; readonly worker: () => Plugin[] } {
  const folders = new Set<string>();
  const collect = (modules: Iterable<string>): void => {
    for (const id of modules) {
      const folder = packageFolder(id);
      if (folder && existsSync(join(folder, 'package.json'))) folders.add(folder);
    }
  };
  return {
    page: {
      name: 'third-party-notices',
      apply: 'build',
      generateBundle() {
        collect(this.getModuleIds());
        const parts = [...folders].sort().map(notice);
        const source = `# Third-party notices\n\nThe page contains these packages.\n\n${parts.join('\n')}`;
        this.emitFile({ type: 'asset', fileName: FILE, source });
      },
    },
    worker: () => [
      {
        name: 'third-party-notices-of-workers',
        apply: 'build',
        generateBundle() {
          collect(this.getModuleIds());
        },
      },
    ],
  };
}
