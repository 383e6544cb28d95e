// Lessons in links: what hides and what is told comes back; what a stranger writes is text or a problem.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/experiment/address.ts';
import { defaults, type Key, keys } from '../../src/experiment/config.ts';
import { fitted, isHidden, type Lesson, MOST_LETTERS } from '../../src/experiment/lesson.ts';
import { encodeText } from '../../src/experiment/link-text.ts';

const read = (text: string): Lesson | null => decode(text).lesson;

const texts = (most: number) =>
  fc.string({ unit: 'binary', maxLength: 300 }).map((text) => fitted(text, most));
const lessons: fc.Arbitrary<Lesson> = fc
  .record({
    hide: fc.uniqueArray(fc.constantFrom<string>(...keys, 'model.*', 'optimizer.*', 'train.*'), {
      maxLength: 6,
    }),
    note: texts(MOST_LETTERS.note),
    expect: texts(MOST_LETTERS.expect),
  })
  .filter(({ hide, note, expect }) => hide.length > 0 || note !== '' || expect !== '');

test('a lesson comes back from its link, without problems', () => {
  fc.assert(
    fc.property(lessons, (lesson) => {
      const { lesson: back, problems, config } = decode(encode(defaults, {}, null, { lesson }));
      expect(back).toEqual(lesson);
      expect(problems).toEqual([]);
      expect(config).toEqual(defaults);
    }),
  );
});

test('a link without one is no lesson', () => {
  expect(read('model.width=64')).toBeNull();
  expect(read('hide=&note=%20')).toBeNull();
});

describe('what is hidden', () => {
  const hidden = (hide: string): Key[] => keys.filter((key) => isHidden(read(`hide=${hide}`), key));

  test('is a setting, or a setting with all that belong to it', () => {
    expect(hidden('model')).toEqual(['model']);
    expect(hidden('model.width,seed')).toEqual(['model.width', 'seed']);
    const group = hidden('optimizer.*');
    expect(group).toContain('optimizer');
    expect(group).toContain('optimizer.learningRate');
    expect(group).not.toContain('schedule');
  });

  test('is told where it is no setting', () => {
    const { lesson, problems } = decode('hide=model.width,model.wdith,<b>');
    expect(lesson?.hide).toEqual(['model.width']);
    expect(
      problems.map(({ key, message }) => [key, message.includes('model.wdith') || message.includes('<b>')]),
    ).toEqual([
      ['hide', true],
      ['hide', true],
    ]);
  });
});

describe('a note', () => {
  test('keeps its lines and loses what steers', () => {
    expect(read('note=one%0D%0Atwo%09three%07%E2%80%AEgnihton')?.note).toBe('one\ntwo\tthreegnihton');
  });

  test('is text: markup stays as it was written', () => {
    expect(read('note=<img src=x onerror=alert(1)>')?.note).toBe('<img src=x onerror=alert(1)>');
  });

  test('that is too long is cut, and said to be', () => {
    const { lesson, problems } = decode(`note=${'ä'.repeat(2000)}`);
    expect(encodeText(lesson?.note ?? '').length).toBeLessThanOrEqual(MOST_LETTERS.note);
    expect(lesson?.note.length).toBeGreaterThan(500);
    expect(problems).toEqual([{ key: 'note', message: expect.stringContaining('too long'), ignored: false }]);
  });

  test('of any text reads without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (note, hide) => {
        const { lesson } = decode(`note=${note}&hide=${hide}&expect=${note}`);
        if (lesson) encode(defaults, {}, null, { lesson });
      }),
    );
  });
});
