// Builds the page, serves it while it is written, and names the two kinds of tests that Vitest runs.
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, findChromium } from './src/cli/chromium.ts';
import { headersFile } from './src/cli/headers.ts';
import { kernels } from './src/cli/kernels.ts';
import { notices } from './src/cli/notices.ts';

const executablePath = findChromium();
const { page: noticesOfPage, worker: noticesOfWorkers } = notices();

export default defineConfig({
  base: './',
  plugins: [
    react(),
    kernels(),
    noticesOfPage,
    {
      name: 'headers-file',
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile() });
      },
    },
  ],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    sourcemap: true,
  },
  worker: { format: 'es', plugins: () => [kernels(), ...noticesOfWorkers()] },
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
  optimizeDeps: {
    include: [
      'fast-png',
      'fflate',
      'hyparquet',
      'idb',
      'zod',
      'zustand/vanilla',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgpu',
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: [
            'tests/{core,catalog,experiment,engine-pure,session,cli,ui}/**/*.test.{ts,tsx}',
            'tests/*.test.ts',
          ],
          environment: 'node',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['tests/{engine,session-browser}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                args: [...chromiumFlags],
                ...(executablePath ? { executablePath } : {}),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
