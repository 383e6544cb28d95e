// Where things are in a checkout.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const dist = resolve(root, 'dist');
export const datasetsFolder = resolve(root, 'datasets');
