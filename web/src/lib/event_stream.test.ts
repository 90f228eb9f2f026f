import { expect, it } from 'vitest';
import { EventParser } from './event_stream';

const stream = 'id: 4\nevent: asset\ndata: {"a":1}\n\n: alive\n\nevent: text\ndata: one\ndata: two\n\n';
const events = [
  { type: 'asset', data: '{"a":1}', id: '4' },
  { type: 'text', data: 'one\ntwo', id: null },
];

it('reads events and skips comments', () => {
  expect(new EventParser().push(stream)).toEqual(events);
});

it.each([1, 2, 3, 7, 20])('reads the same in pieces of %i letters', (size) => {
  const parser = new EventParser();
  const read = [];
  for (let at = 0; at < stream.length; at += size) read.push(...parser.push(stream.slice(at, at + size)));
  expect(read).toEqual(events);
});

it('takes lines that end in CR LF', () => {
  expect(new EventParser().push(stream.replaceAll('\n', '\r\n'))).toEqual(events);
});

it('never gives a later event the number of an earlier one', () => {
  const read = new EventParser().push('id: 9\ndata: a\n\nevent: progress\ndata: b\n\n');
  expect(read.map((event) => event.id)).toEqual(['9', null]);
});

it('drops events without data', () => {
  expect(new EventParser().push('event: empty\n\n')).toEqual([]);
});
