// Compiles the AssemblyScript kernels where Vite meets an import of `kernels-shared.wasm` (threads) or
// `kernels-single.wasm` (a page that is not isolated). Kept by the hash of their sources.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';
import type { Plugin } from 'vite';
import { root } from './paths.ts';

const folder = 'src/engine/wasm/kernels';
const options = [
  '--optimizeLevel=3',
  '--noAssert',
  '--runtime=stub',
  '--importMemory',
  '--initialMemory=1',
  '--maximumMemory=65536',
  '--enable=simd',
  '--enable=threads',
  // Sizes and addresses are 32 bits wide; vectors never leave the module.
  '--disableWarning=201',
  '--disableWarning=112',
];

function sourceHash(): string {
  const hash = createHash('sha256').update(options.join());
  const files = readdirSync(join(root, folder)).sort();
  for (const file of files) hash.update(file).update(readFileSync(join(root, folder, file)));
  hash.update(readFileSync(join(root, folder, '../opcodes.ts')));
  hash.update(readFileSync(join(root, 'node_modules/assemblyscript/package.json')));
  return hash.digest('hex').slice(0, 16);
}

/** Path of the compiled module; compiles it where the sources have changed. */
export async function compileKernels(kind: 'shared' | 'single'): Promise<string> {
  const target = join(root, 'node_modules/.cache/kernels', sourceHash());
  const path = join(target, `kernels-${kind}.wasm`);
  if (existsSync(path)) return path;
  mkdirSync(target, { recursive: true });
  const errors: string[] = [];
  const arguments_ = [`${folder}/main.ts`, `--baseDir=${root}`, '--outFile=kernels.wasm', ...options];
  if (kind === 'shared') arguments_.push('--sharedMemory');
  const { error } = await main(arguments_, {
    stderr: { write: (chunk: string | Uint8Array) => errors.push(String(chunk)) },
    writeFile: (_name: string, contents: string | Uint8Array) => {
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, contents);
      renameSync(draft, path);
    },
  });
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${errors.join('')}`);
  return path;
}

/** Vite plugin: `./kernels-shared.wasm?url` and `./kernels-single.wasm?url` are the compiled modules. */
export function kernels(): Plugin {
  return {
    name: 'kernels',
    enforce: 'pre',
    async resolveId(source) {
      const kind = /kernels-(shared|single)\.wasm\?url$/.exec(source)?.[1];
      if (kind !== 'shared' && kind !== 'single') return null;
      return `${await compileKernels(kind)}?url`;
    },
  };
}
