// The adapter under a device: what decides about variants, under which key measurements are kept, and how to measure.
import { sha256Hex } from '../../core/hash.ts';
import type { Adapter } from './kernel-choices.ts';
import { limitsOf } from './limits.ts';
import { tuningDevice } from './tuning-device.ts';
import { adapterKey, browserName, generatorText } from './tuning-key.ts';
import type { AdapterFacts } from './variants.ts';

/** What the device says of its adapter. */
export function factsOf(device: GPUDevice): AdapterFacts {
  const info = device.adapterInfo;
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    isFallback: info.isFallbackAdapter,
    hasSubgroups: device.features.has('subgroups'),
    subgroupMinSize: info.subgroupMinSize,
    subgroupMaxSize: info.subgroupMaxSize,
  };
}

/** Enough of a hash to tell two generators apart. */
const HASH_DIGITS = 16;
let generator: string | undefined;

/** Nothing known yet of the device's adapter in this browser. */
function untunedOf(device: GPUDevice, facts: AdapterFacts) {
  generator ??= sha256Hex(new TextEncoder().encode(generatorText())).slice(0, HASH_DIGITS);
  const browser = browserName(navigator.userAgent);
  return {
    key: adapterKey({ facts, limits: limitsOf(device.limits), browser, generator }),
    adapter: [facts.vendor, facts.architecture, facts.device, facts.description].filter(Boolean).join(' '),
    browser,
    buckets: {},
    avoided: [],
    backends: {},
  };
}

const scopes = ['validation', 'out-of-memory', 'internal'] as const;

/** `facts` are the device's own but in tests. */
export function adapterOf(device: GPUDevice, facts: AdapterFacts = factsOf(device)): Adapter {
  return {
    facts,
    untuned: untunedOf(device, facts),
    /** A candidate that the device refuses is no failure of the run: its errors are heard here and go no further. */
    async measure(work, isIdle) {
      for (const scope of scopes) device.pushErrorScope(scope);
      const tuning = tuningDevice(device, { isIdle });
      try {
        return await work(tuning);
      } finally {
        tuning.dispose();
        await Promise.all(scopes.map(() => device.popErrorScope().catch(() => null)));
      }
    },
  };
}
