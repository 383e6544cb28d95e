// Lighthouse on the built page: `npx tsx tests/ui/lighthouse.ts`. At least 95 in accessibility and best practices on
// every view, or it ends with 1. Outside of the tests: it needs a quiet machine and a minute.
import { chromium } from 'playwright';
import { ensureBuilt } from '../../src/cli/build.ts';
import { chromiumFlags, requireChromium } from '../../src/cli/chromium.ts';
import { serve } from '../../src/cli/server.ts';

interface Audit {
  readonly score: number | null;
  readonly title: string;
  readonly displayValue?: string;
  readonly details?: { readonly items?: readonly { readonly node?: { readonly snippet?: string } }[] };
}

interface Category {
  readonly score: number | null;
  readonly auditRefs: readonly { readonly id: string }[];
}

interface Report {
  readonly lhr: {
    readonly categories: Readonly<Record<string, Category>>;
    readonly audits: Readonly<Record<string, Audit>>;
  };
}

type Lighthouse = (url: string, flags: object, config?: object) => Promise<Report | undefined>;

const LEAST = 0.95;
const HELD = ['accessibility', 'best-practices'] as const;
/** Read when it is asked for: nothing else in the house needs it. */
const PACKAGE = 'lighthouse';
const PORT = 9333;

const { default: lighthouse, desktopConfig } = (await import(PACKAGE)) as {
  default: Lighthouse;
  desktopConfig: object;
};
await ensureBuilt((text) => process.stderr.write(`${text}\n`));
const serving = await serve(0);
const browser = await chromium.launch({
  executablePath: requireChromium(),
  args: [...chromiumFlags, `--remote-debugging-port=${PORT}`],
});
let isLow = false;
try {
  for (const view of ['train', 'inside', 'studies', 'runs', 'guide']) {
    for (const form of ['desktop', 'mobile']) {
      const report = await lighthouse(
        `${serving.url}#view.page=${view}&v=1`,
        { port: PORT, logLevel: 'error', onlyCategories: [...HELD, 'performance'] },
        form === 'desktop' ? desktopConfig : undefined,
      );
      if (!report) throw new Error('Lighthouse gave no report.');
      const { categories, audits } = report.lhr;
      const points = Object.entries(categories).map(
        ([id, { score }]) => `${id} ${Math.round((score ?? 0) * 100)}`,
      );
      const paint = audits['first-contentful-paint']?.displayValue ?? '';
      process.stdout.write(`${view}, ${form}: ${points.join(', ')}; first paint ${paint}\n`);
      for (const id of HELD) {
        if ((categories[id]?.score ?? 0) < LEAST) isLow = true;
        for (const { id: audit } of categories[id]?.auditRefs ?? []) {
          const found = audits[audit];
          if (found && found.score !== null && found.score < 1)
            process.stdout.write(
              `  ${audit}: ${found.title}\n${(found.details?.items ?? [])
                .slice(0, 6)
                .map(({ node }) => `    ${node?.snippet ?? ''}\n`)
                .join('')}`,
            );
        }
      }
    }
  }
} finally {
  await browser.close();
  await serving.close();
}
process.exitCode = isLow ? 1 : 0;
