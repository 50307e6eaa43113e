/**
 * LZ4 frames, as Arrow files compress their buffers. After the frame format 1.6.4 and the block format of LZ4:
 * a block is a row of sequences, each some literal bytes and then a copy of bytes that came before.
 */

const magic = 0x184d2204;

/** Uncompresses one frame. Checksums are not checked: damage shows as bad offsets, lengths or sizes. */
export function decodeLz4Frame(input: Uint8Array): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < 7 || view.getUint32(0, true) !== magic) throw new Error('LZ4: the frame does not begin with its magic number');
  const flags = view.getUint8(4);
  if (flags >> 6 !== 1) throw new Error(`LZ4: frame version ${flags >> 6}, expected 1`);
  if ((flags & 1) !== 0) throw new Error('LZ4: frames with a dictionary are not read');
  const hasContentSize = (flags & 8) !== 0;
  const hasBlockChecksum = (flags & 16) !== 0;
  const output = new Output(hasContentSize ? Number(view.getBigUint64(6, true)) : input.length * 4);
  let at = hasContentSize ? 15 : 7;
  for (;;) {
    if (at + 4 > input.length) throw new Error('LZ4: the frame ends in the middle of a block');
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) return output.bytes();
    const length = size & 0x7fff_ffff;
    if (at + length > input.length) throw new Error('LZ4: the frame ends in the middle of a block');
    const block = input.subarray(at, at + length);
    if (size >>> 31 === 1) output.append(block, 0, length);
    else decodeBlock(block, output);
    at += length + (hasBlockChecksum ? 4 : 0);
  }
}

function decodeBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const lengthFrom = (start: number): number => {
    if (start < 15) return start;
    let length = start;
    for (;;) {
      const more = block[at++];
      if (more === undefined) throw new Error('LZ4: a block ends in the middle of a length');
      length += more;
      if (more !== 255) return length;
    }
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.length) throw new Error('LZ4: a block ends in the middle of its literals');
    output.append(block, at, literals);
    at += literals;
    // The last sequence has literals only.
    if (at === block.length) return;
    const offset = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    output.repeat(offset, lengthFrom(token & 15) + 4);
  }
}

/** Output that grows: frames need not tell their size. */
class Output {
  private buffer: Uint8Array;
  private length = 0;

  constructor(expected: number) {
    this.buffer = new Uint8Array(Math.min(Math.max(64, expected), 256 * 1024 * 1024));
  }

  append(from: Uint8Array, start: number, count: number): void {
    this.reserve(count);
    this.buffer.set(from.subarray(start, start + count), this.length);
    this.length += count;
  }

  repeat(offset: number, count: number): void {
    if (offset === 0 || offset > this.length) throw new Error(`LZ4: a copy reaches ${offset} bytes back, of ${this.length}`);
    this.reserve(count);
    const { buffer } = this;
    if (offset >= count) {
      buffer.copyWithin(this.length, this.length - offset, this.length - offset + count);
    } else {
      // The copy reads what it writes.
      for (let index = 0; index < count; index++) buffer[this.length + index] = buffer[this.length + index - offset] ?? 0;
    }
    this.length += count;
  }

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const longer = new Uint8Array(Math.max(this.length + count, this.buffer.length * 2));
    longer.set(this.buffer.subarray(0, this.length));
    this.buffer = longer;
  }
}
