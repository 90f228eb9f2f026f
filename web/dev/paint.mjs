// Paints a soft gradient as PNG; `noise` from 0 to 1 makes it look like an early preview.
import { crc32, deflateSync } from 'node:zlib';

const crc = crc32 ?? slowCrc;

function slowCrc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}

function chunk(type, data) {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

const wave = (value) => Math.round(127 + 110 * Math.sin(value));

export function paintPng(seed, wantedWidth, wantedHeight, noise) {
  const width = Math.round(wantedWidth);
  const height = Math.round(wantedHeight);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  let at = 0;
  for (let y = 0; y < height; y++) {
    at++;
    for (let x = 0; x < width; x++) {
      const grain = noise * 160 * (Math.random() - 0.5);
      for (let channel = 0; channel < 3; channel++) {
        const value = wave(seed + channel * 2 + (x / width) * 2.2 + (y / height) * (1.4 + channel));
        rows[at++] = Math.max(0, Math.min(255, value + grain));
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
