import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  safetensorsPieces,
} from '../../src/core/safetensors.ts';

const tensor = (name: string, shape: readonly number[], first = 0): NamedTensor => ({
  name,
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => first + index),
});

/** A file with this header text and this many bytes of data. */
function file(header: string, size: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

describe('safetensors', () => {
  test('what is written is read back, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ name: fc.string(), values: fc.float32Array({ maxLength: 40 }) }), {
          selector: ({ name }) => name,
        }),
        fc.dictionary(fc.string(), fc.string()),
        (entries, metadata) => {
          const tensors = entries
            .filter(({ name }) => name !== '__metadata__')
            .map(({ name, values }) => ({ name, shape: [values.length], values: new Float32Array(values) }));
          const read = decodeSafetensors(encodeSafetensors(tensors, metadata));
          expect({ ...read.metadata }).toEqual({ ...metadata });
          for (const { name, values } of tensors)
            expect(new Uint32Array(read.tensors.get(name)?.values.buffer as ArrayBuffer)).toEqual(
              new Uint32Array(values.buffer),
            );
        },
      ),
    );
  });

  test('data starts at a multiple of eight and follows without a copy', () => {
    const weights = tensor('a', [2, 3]);
    const [head, data] = safetensorsPieces([weights, tensor('b', [])]);
    expect((head?.length ?? 1) % 8).toBe(0);
    expect(data?.buffer).toBe(weights.values.buffer);
  });

  test.each([
    ['an empty file', new Uint8Array(0)],
    ['a header longer than the file', file('{}', 0).fill(0xff, 0, 7)],
    ['a header that is not JSON', file('{"a"', 0)],
    ['a header that is a list', file('[]', 0)],
    ['metadata that is not text', file('{"__metadata__":{"a":1}}', 0)],
    ['another type', file('{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}', 4)],
    ['a negative size', file('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4)],
    [
      'a shape that is too large',
      file('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}', 4),
    ],
    ['offsets beyond the data', file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 4)],
    ['offsets that run backwards', file('{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}', 4)],
    ['a hole', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8)],
    [
      'an overlap',
      file(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
    ],
    ['bytes left over', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 8)],
    ['a tensor without a description', file('{"a":null}', 0)],
  ])('%s is refused with a code', (_name, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'checkpoint-incompatible' }),
    );
  });

  test('a refusal names the tensor and its size', () => {
    const bytes = file('{"linear_in.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,8]}}', 8);
    expect(() => decodeSafetensors(bytes)).toThrow(
      'Tensor linear_in.weight of shape [2, 3] has 8 bytes, not 24.',
    );
  });

  test('random bytes never do anything but throw a LabError or give tensors', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeSafetensors(bytes);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'checkpoint-incompatible' });
        }
      }),
    );
  });
});
