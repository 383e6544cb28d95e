// Text packed for an address: it comes back, and nothing that a stranger sends unfolds beyond the cap or breaks anything.
import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/core/failure.ts';
import { fromBase64Url, packText, toBase64Url, unpackText } from '../../src/core/packed-text.ts';

const CAP = 64 * 1024;

test('base64url comes back, for every length, and is Node’s', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64Url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(text)).toEqual(new Uint8Array(bytes));
    }),
  );
});

test.each(['A', 'AAAAA', 'AB', 'AA=', 'A+', 'A/', 'A A', 'ÄÄ', 'AAB'])('%s is no base64url', (text) => {
  expect(fromBase64Url(text)).toBeNull();
});

test('packed text comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 2000 }), (text) => {
      expect(unpackText(packText(text), CAP)).toBe(text);
    }),
  );
});

describe('what a stranger sends', () => {
  const refused = (packed: string): string => {
    try {
      unpackText(packed, CAP);
    } catch (error) {
      expect(error).toBeInstanceOf(LabError);
      return (error as LabError).message;
    }
    throw new Error('It was taken.');
  };

  test('is refused as a bomb, having unfolded little more than the cap', () => {
    const bomb = toBase64Url(deflateSync(new Uint8Array(20e6), { level: 9 }));
    const before = performance.now();
    expect(refused(bomb.slice(0, 8192))).toMatch(/more than 65536 bytes/);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test('may be as large as the cap and not one byte larger', () => {
    expect(unpackText(packText('a'.repeat(CAP)), CAP)).toHaveLength(CAP);
    expect(refused(packText('a'.repeat(CAP + 1)))).toMatch(/more than/);
  });

  test('is refused when it is cut off, changed, empty or not text', () => {
    const whole = packText('a text that is long enough to be cut somewhere, and then somewhere else');
    expect(refused(whole.slice(0, 4 * Math.floor((whole.length - 8) / 4)))).toMatch(/damaged|cut off/);
    expect(refused('')).toMatch(/base64url/);
    expect(refused(toBase64Url(deflateSync(Uint8Array.of(0xff, 0xfe, 0xc0))))).toMatch(/not text/);
  });

  test('never throws anything but a LabError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
        try {
          unpackText(toBase64Url(bytes), CAP);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
