// Starts the lab's own workers. The page's policy asks for Trusted Types: the only script addresses that this page ever
// blesses are those of its workers.

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

const own = new Set<string>();

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** @param url of a worker of this build, as a `?worker&url` import gives it */
export function startWorker(url: string, name: string): Worker {
  own.add(url);
  return new Worker(trusted(url), { type: 'module', name });
}

function trusted(url: string): string | URL {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('lab-worker', {
    createScriptURL(asked) {
      if (!own.has(asked)) throw new TypeError(`${asked} is not the lab's worker`);
      return asked;
    },
  });
  return policy.createScriptURL(url) as string;
}
