// The memory of texts is bounded, and loses only those that were not used lately.

import { expect, test } from 'vitest';
import { RecentTexts } from '../../../src/schema/documents/recent-texts.js';

test('the last 1,000 texts are kept, one that is used again stays, and no more than 2,000 are there', () => {
  const texts = new RecentTexts<number>();
  for (let index = 0; index < 10_000; index += 1) {
    texts.set(`text ${index}`, index);
    expect(texts.get('text 0')).toBe(0);
  }
  const kept = Array.from({ length: 10_000 }, (_, index) => texts.get(`text ${index}`)).filter(
    (one) => one !== undefined,
  );
  expect(kept.length).toBeLessThanOrEqual(2_000);
  expect(texts.get('text 9500')).toBe(9_500);
});

test('what is deleted is gone, whichever time it was used last', () => {
  const texts = new RecentTexts<number>();
  texts.set('old', 1);
  for (let index = 0; index < 1_000; index += 1) texts.set(`text ${index}`, index);
  texts.delete('old');
  texts.delete('text 999');
  expect([texts.get('old'), texts.get('text 999')]).toEqual([undefined, undefined]);
});
