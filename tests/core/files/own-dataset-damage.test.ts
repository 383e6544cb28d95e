// Own data that is wrong, hostile or damaged: an error that names file and next step, or the right data, and soon.

import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, test, vi } from 'vitest';
import { LabError } from '../../../src/core/failure.ts';
import { readOwnDataset } from '../../../src/core/files/own-dataset.ts';
import type { OwnSplits } from '../../../src/core/files/read-splits.ts';
import {
  type Bytes,
  folders,
  noise,
  npy,
  npyHeader,
  npyWith,
  npz,
  png,
  tensors,
  withIdat,
  zip,
} from '../../fixtures/own-files.ts';
import { fileOf } from '../../fixtures/synthetic-files.ts';

vi.setConfig({ testTimeout: 60_000 });

const read = (bytes: Bytes, name = 'own.npz'): Promise<OwnSplits> =>
  readOwnDataset([fileOf(name, bytes)], () => Promise.resolve());

const labels = (count: number, classes = 3) => new Uint8Array(count).map((_, row) => row % classes);
const x = noise(10 * 12);
const y = npy(labels(10), [10]);

describe('wrong files are named with the next step', () => {
  const good = npy(x, [10, 4, 3]);
  const withX = (bytes: Bytes) => npz({ x: bytes, y });
  const withY = (bytes: Bytes) => npz({ x: good, y: bytes });
  const pictures = folders(['a', 'b'], 3);
  const cut = pictures['a/1.png']?.subarray(0, 60) as Bytes;
  const directory = (bytes: Bytes): number => new DataView(bytes.buffer).getUint32(bytes.length - 6, true);
  const encrypted = zip(pictures, 0);
  encrypted[directory(encrypted) + 8] = 1;
  const lying64 = zip(pictures, 0);
  new DataView(lying64.buffer).setUint32(directory(lying64) + 24, 0xffffffff, true);
  const far64 = zip(pictures, 0);
  new DataView(far64.buffer).setUint16(far64.length - 12, 0xffff, true);
  const fewer = zip(pictures, 0);
  fewer[fewer.length - 12] = 5;
  const overlapping = zip(pictures, 0);
  {
    const view = new DataView(overlapping.buffer);
    view.setUint32(directory(overlapping) + 20, 5000, true);
    view.setUint32(directory(overlapping) + 24, 5000, true);
  }
  const wrongCrc = zip(pictures, 0);
  wrongCrc[directory(wrongCrc) + 16] = (wrongCrc[directory(wrongCrc) + 16] as number) ^ 1;
  const clipped = zip({ 'x.npy': new Uint8Array(5_000_000), 'y.npy': y });
  new DataView(clipped.buffer).setUint32(directory(clipped) + 24, 1000, true);

  const cases: readonly (readonly [string, string, Bytes, RegExp])[] = [
    [
      'no file of data',
      'a.txt',
      new TextEncoder().encode('some notes, no data') as Bytes,
      /a\.txt, byte 0: this is a text file/,
    ],
    [
      'a gzip file',
      'a.gz',
      Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0),
      /no npz, safetensors or zip file/,
    ],
    ['an empty file', 'a.npz', new Uint8Array(0), /a\.npz: the file is empty/],
    ['a single picture', 'a.png', png({ width: 2, height: 2, channels: 1 }), /single PNG picture/],
    ['an empty zip', 'a.zip', zip({}), /zip file|neither/],
    [
      'a zip of texts',
      'a.zip',
      zip({ 'notes.txt': x }),
      /neither an array nor a PNG picture in it \(it holds notes\.txt\)/,
    ],
    ['no y', 'a.npz', npz({ x: good }), /a\.npz: there is no array y \(there are: x\)\. Save x/],
    ['no test labels', 'a.npz', npz({ x_train: good, y_train: y, x_test: good }), /no array y_test/],
    [
      'other names',
      'a.npz',
      npz({ images: good, labels: y }),
      /no array x or y in it \(there are: images, labels\)/,
    ],
    [
      'a pickled object',
      'a.npz',
      withY(npyWith(npyHeader('|O', [10]), x)),
      /a\.npz › y\.npy, descr: the array holds Python objects \(a pickle\).*Save plain numbers/,
    ],
    [
      'a record type',
      'a.npz',
      withY(npyWith("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (10,), }", x)),
      /y\.npy, descr: values of type \[\('a'/,
    ],
    [
      'Fortran order',
      'a.npz',
      withX(npyWith(npyHeader('|u1', [10, 4, 3], 'True'), x)),
      /x\.npy, fortran_order: .*Save np\.ascontiguousarray/,
    ],
    [
      'big-endian',
      'a.npz',
      withY(npyWith(npyHeader('>i4', [10]), new Uint8Array(40))),
      /y\.npy, descr: the numbers are big-endian/,
    ],
    [
      'complex',
      'a.npz',
      withX(npyWith(npyHeader('<c8', [10, 1]), new Uint8Array(80))),
      /values of type '<c8' cannot be read/,
    ],
    [
      'code in the header',
      'a.npz',
      withX(
        npyWith("{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (1,), }", x),
      ),
      /header: the header is not an npy one: ".*__import__/,
    ],
    [
      'code after the header',
      'a.npz',
      withX(npyWith(`${npyHeader('|u1', [10, 12]).trim()} or print()`, x)),
      /header is not an npy one/,
    ],
    [
      'a key twice',
      'a.npz',
      withX(npyWith("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (120,), }", x)),
      /header is not an npy one/,
    ],
    ['a negative size', 'a.npz', withX(npyWith(npyHeader('|u1', [-1, 12]), x)), /header is not an npy one/],
    [
      'a huge size',
      'a.npz',
      withX(npyWith("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000000000,), }", x)),
      /shape: shape \(1000000000000000000\) of '\|u1' is larger than any file; 120 bytes are there/,
    ],
    [
      'sizes that overflow',
      'a.npz',
      withX(npyWith(npyHeader('|u1', [4294967296, 4294967296, 4294967296]), x)),
      /is larger than any file/,
    ],
    [
      'a header of 4 GB',
      'a.npz',
      withX(npyWith(npyHeader('|u1', [10, 12]), x, { version: 2, length: 0xfffffff0 })),
      /byte 8: a header of 4294967280 bytes is announced/,
    ],
    [
      'a header that is cut',
      'a.npz',
      withX(npyWith("{'descr'", new Uint8Array(0), { length: 200 })),
      /a header of 200 bytes is announced in 18 bytes/,
    ],
    ['version 9', 'a.npz', withX(npyWith(npyHeader('|u1', [10, 12]), x, { version: 9 })), /npy version 9/],
    [
      'too few values',
      'a.npz',
      withX(npyWith(npyHeader('|u1', [10, 13]), x)),
      /needs 130 bytes; 120 bytes are there/,
    ],
    [
      'five axes',
      'a.npz',
      withX(npy(x, [10, 1, 1, 4, 3])),
      /a\.npz › x: shape \(10, 1, 1, 4, 3\) is no shape of images/,
    ],
    ['two channels', 'a.npz', withX(npy(x, [10, 2, 3, 2])), /x: shape \(10, 2, 3, 2\) is no shape of images/],
    [
      'fewer labels',
      'a.npz',
      withY(npy(labels(9), [9])),
      /a\.npz › y: shape \(9\) does not fit the 10 images of x/,
    ],
    [
      'labels as floats',
      'a.npz',
      withY(npy(Float32Array.from(labels(10)), [10])),
      /labels are f32, not whole numbers\. Save y\.astype/,
    ],
    [
      'labels from 1',
      'a.npz',
      withY(
        npy(
          labels(10).map((label) => label + 1),
          [10],
        ),
      ),
      /labels run from 1 to 3; they must start at 0\. Save y - 1/,
    ],
    [
      'labels with a gap',
      'a.npz',
      withY(
        npy(
          labels(10).map((label) => 2 * label),
          [10],
        ),
      ),
      /labels run from 0 to 4, but none is 1\. Number the classes without gaps/,
    ],
    [
      'a negative label',
      'a.npz',
      withY(
        npy(
          Int8Array.from(labels(10), (label) => label - 1),
          [10],
        ),
      ),
      /y, row 0: label -1 is not from 0 to 255/,
    ],
    [
      'label 300',
      'a.npz',
      withY(
        npy(
          Uint16Array.from(labels(10), (label) => 150 * label),
          [10],
        ),
      ),
      /y, row 2: label 300 is not from 0 to 255/,
    ],
    ['one class', 'a.npz', withY(npy(new Uint8Array(10), [10])), /there is only one class/],
    [
      'a float of 1.5',
      'a.npz',
      withX(npy(new Float32Array(120).fill(0.5).fill(1.5, 30, 31), [10, 12])),
      /x, row 2: the value 1\.5 is not from 0 to 1\. Save floats from 0 to 1/,
    ],
    [
      'not a number',
      'a.npz',
      withX(npy(new Float64Array(120).fill(Number.NaN, 119), [10, 12])),
      /x, row 9: the value NaN/,
    ],
    [
      'pixel 256',
      'a.npz',
      withX(npy(new Uint16Array(120).fill(256, 5, 6), [10, 12])),
      /x, row 0: the value 256 is not from 0 to 255/,
    ],
    [
      'other sizes in train and test',
      'a.npz',
      npz({ x_train: good, y_train: y, x_test: npy(x, [10, 3, 4]), y_test: y }),
      /images of x_train have 4 × 3 × 1, those of x_test 3 × 4 × 1/,
    ],
    [
      'four images',
      'a.npz',
      npz({ x: npy(x.slice(0, 4), [2, 2]), y: npy(labels(2), [2]) }),
      /only 2 images: none can be held out/,
    ],
    [
      'a broken picture',
      'a.zip',
      zip({ ...pictures, 'a/1.png': cut }),
      /a\.zip › a\/1\.png: the PNG is damaged/,
    ],
    [
      'no picture in it',
      'a.zip',
      zip({ ...pictures, 'a/1.png': x }),
      /a\/1\.png: the picture is no PNG\. Replace it; all pictures must be like a\/0\.png, 4 × 5 × 3/,
    ],
    [
      'mixed sizes',
      'a.zip',
      zip({ ...pictures, 'b/9.png': png({ width: 4, height: 5, channels: 3 }) }),
      /b\/9\.png: the PNG has 5 × 4 pixels and not 4 × 5/,
    ],
    [
      'mixed colours',
      'a.zip',
      zip({ ...pictures, 'b/9.png': png({ width: 5, height: 4, channels: 1 }) }),
      /b\/9\.png: the PNG is grey and not in colour/,
    ],
    [
      'transparency',
      'a.zip',
      zip({
        ...pictures,
        'b/9.png': encode({ width: 5, height: 4, channels: 4, depth: 8, data: noise(80) }) as Bytes,
      }),
      /b\/9\.png: the PNG is transparent in places/,
    ],
    [
      '16 bits',
      'a.zip',
      zip({
        ...pictures,
        'a/0.png': encode({
          width: 5,
          height: 4,
          channels: 3,
          depth: 16,
          data: new Uint16Array(60),
        }) as Bytes,
      }),
      /a\/0\.png: the PNG is not plain 8-bit/,
    ],
    [
      'a jpeg',
      'a.zip',
      zip({ ...pictures, 'b/photo.JPG': x }),
      /b\/photo\.JPG: the picture is no PNG\. Save all pictures as PNG/,
    ],
    [
      'no class folder',
      'a.zip',
      zip({ ...pictures, 'loose.png': png({ width: 5, height: 4, channels: 3 }) }),
      /loose\.png: the picture lies in no folder of a class/,
    ],
    ['one class folder', 'a.zip', zip(folders(['a'], 3)), /only one class folder \(a\)/],
    ['train without test', 'a.zip', zip(folders(['a', 'b'], 2, 'train/')), /no picture below test/],
    [
      'folders at two depths',
      'a.zip',
      zip({ ...pictures, ...folders(['c'], 1, 'more/') }),
      /class folders lie in several places/,
    ],
    ['train beside classes', 'a.zip', zip({ ...pictures, ...folders(['a'], 1, 'train/') }), /several places/],
    [
      '257 classes',
      'a.zip',
      zip(
        Object.fromEntries(
          Array.from({ length: 257 }, (_, i) => [`${i}/0.png`, pictures['a/0.png'] as Bytes]),
        ),
      ),
      /257 class folders, more than the 256 allowed/,
    ],
    [
      'a climbing name',
      'a.zip',
      zip({ '../a/0.png': x, ...pictures }),
      /the name "\.\.\/a\/0\.png" leaves the archive/,
    ],
    ['an absolute name', 'a.zip', zip({ '/etc/0.png': x, ...pictures }), /leaves the archive/],
    ['a backslash', 'a.zip', zip({ 'a\\0.png': x, ...pictures }), /is no name of a file/],
    ['encryption', 'a.zip', encrypted, /a\/0\.png: it is encrypted/],
    ['zip64 sizes that are not there', 'a.zip', lying64, /it announces zip64 sizes that are not there/],
    ['a zip64 record that is not there', 'a.zip', far64, /announces a zip64 record that is not there/],
    ['fewer files announced', 'a.zip', fewer, /its directory holds more than the 5 files announced/],
    ['overlapping entries', 'a.zip', overlapping, /overlaps another part|reach beyond/],
    ['a wrong checksum', 'a.zip', wrongCrc, /a\/0\.png: its checksum is wrong/],
    [
      'more bytes than announced',
      'a.npz',
      clipped,
      /x\.npy: it holds more than the 1000 bytes announced|1000 bytes are announced/,
    ],
    ['a cut zip', 'a.zip', zip(pictures).slice(0, -30), /no end record: it was cut off/],
  ];
  test.each(cases)('%s', async (_, name, bytes, message) => {
    const error = await read(bytes, name).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ code: 'dataset-invalid', message: expect.stringMatching(message) });
    expect((error as LabError).message).toContain(name);
  });

  test('two files, and safetensors that lie', async () => {
    const two = [fileOf('a.npz', x), fileOf('b.npz', x)];
    await expect(readOwnDataset(two, () => Promise.resolve())).rejects.toThrow(/own data is one file, not 2/);
    const right = tensors([{ name: 'x', dtype: 'U8', shape: [10, 12], values: x }]);
    const huge = right.slice();
    new DataView(huge.buffer).setBigUint64(0, 2n ** 31n, true);
    await expect(read(huge, 'a.safetensors')).rejects.toThrow(
      /a\.safetensors: The header is said to have 2147483648 bytes/,
    );
    await expect(read(right.slice(0, -1), 'a.safetensors')).rejects.toThrow(
      /a\.safetensors: Tensor x stands at/,
    );
    await expect(
      read(tensors([{ name: 'x', dtype: 'BF16', shape: [60], values: x }]), 'a.safetensors'),
    ).rejects.toThrow(/› x: values of type BF16 cannot be read/);
  });

  test('a bomb is refused before it is inflated', async () => {
    const bomb = zip({ 'x.npy': new Uint8Array(40_000_000), 'y.npy': y });
    const view = new DataView(bomb.buffer);
    view.setUint32(directory(bomb) + 24, 0xf0000000, true);
    await expect(read(bomb)).rejects.toThrow(/its arrays take 4\.0 GB, more than the/);
    const large = folders(['a', 'b'], 3, '', (seed) => png({ width: 200, height: 200, channels: 3, seed }));
    const inflating = withIdat(large['a/0.png'] as Bytes, new Uint8Array(90_000_000));
    expect(inflating.length).toBeLessThan(120_000);
    await expect(read(zip({ ...large, 'b/9.png': inflating }, 0), 'a.zip')).rejects.toThrow(
      /b\/9\.png: the PNG inflates to more than its pixels/,
    );
    const noisy = withIdat(pictures['a/0.png'] as Bytes, noise(100_000));
    await expect(read(zip({ ...pictures, 'b/9.png': noisy }), 'a.zip')).rejects.toThrow(
      /b\/9\.png: the PNG has \d+ bytes, more than a picture of its size needs/,
    );
    const zeros = zip({ ...pictures, 'b/9.png': new Uint8Array(9_000_000) });
    await expect(read(zeros, 'a.zip')).rejects.toThrow(/b\/9\.png: the picture has 9\.0 MB, more than the/);
  });
});

describe('damage: an error or the right data, and soon', () => {
  const arrays = npz({ x: npy(x, [10, 4, 3]), y });
  const plainArrays = zip({ 'x.npy': npy(x, [10, 4, 3]), 'y.npy': y }, 0);
  const pictures = zip(folders(['a', 'b'], 3));
  const safe = tensors([
    { name: 'x', dtype: 'U8', shape: [10, 12], values: x },
    { name: 'y', dtype: 'U8', shape: [10], values: labels(10) },
  ]);
  const files: readonly (readonly [string, Bytes])[] = [
    ['own.npz', arrays],
    ['stored.npz', plainArrays],
    ['own.zip', pictures],
    ['own.safetensors', safe],
  ];

  test.each(files)('%s: bytes changed anywhere', async (name, bytes) => {
    const right = await read(bytes, name);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        async (changes) => {
          const changed = bytes.slice();
          for (const [at, by] of changes) changed[at] = (changed[at] as number) ^ by;
          const begin = performance.now();
          const result = await read(changed, name).catch((thrown: unknown) => thrown);
          expect(performance.now() - begin).toBeLessThan(2000);
          if (result instanceof LabError) expect(result.code).toBe('dataset-invalid');
          else if (name === 'own.safetensors') expect((result as OwnSplits).train.images.length % 12).toBe(0);
          // Checksums cover the content of zips; a name, and so a class, can change without a trace.
          else
            expect((result as OwnSplits).train.images.length + (result as OwnSplits).test.images.length).toBe(
              right.train.images.length + right.test.images.length,
            );
        },
      ),
      { numRuns: 400 },
    );
  });

  test.each(files)('%s: cut at any byte', async (name, bytes) => {
    for (let end = 0; end < bytes.length; end += Math.max(1, Math.floor(bytes.length / 400)))
      await expect(read(bytes.slice(0, end), name), `${end}`).rejects.toThrow(LabError);
  });
});
