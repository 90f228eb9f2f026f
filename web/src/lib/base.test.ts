import { expect, it } from 'vitest';
import { linksFromBase } from './base';

it('links of answers begin where the studio lies, whatever else they say', () => {
  const answer = '{"items":[{"id":"/a","links":{"original":"/api/v1/assets/a/content"}}],"links":null}';
  expect(JSON.parse(answer, linksFromBase)).toEqual({
    items: [{ id: '/a', links: { original: '/api/v1/assets/a/content' } }],
    links: null,
  });
});
