// Pictures of any shape, as files and as uploads.
import { deflateSync } from 'node:zlib';
import { baseUrl, expect } from './harness.mjs';

/** Shapes that no model makes. */
export const strips = [
  [54, 600],
  [1, 16384],
  [16384, 1],
  [40, 2000],
];

let crcTable;
function crc32(bytes) {
  crcTable ??= Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A grey picture of any size as a PNG file. */
export function png(width, height) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const lines = Buffer.alloc((width + 1) * height, 160);
  for (let y = 0; y < height; y++) lines[y * (width + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

export async function upload(width, height) {
  const response = await fetch(`${baseUrl}/api/v1/assets`, {
    method: 'POST',
    headers: { 'Content-Type': 'image/png' },
    body: png(width, height),
  });
  expect(
    response.status === 201,
    `${width} × ${height}: ${response.status} ${await response.clone().text()}`,
  );
  return response.json();
}

export async function expectReachable(page, locator, what) {
  const box = await locator.boundingBox();
  const { width, height } = page.viewportSize();
  expect(box.width >= 100 && box.width <= width, `${what} is ${box.width} px wide`);
  expect(box.height >= 100 && box.height <= height, `${what} is ${box.height} px high`);
}
