// Frames of RFC 6455, section 5.2: written in every wrong way as a peer may, and read by the letter, as ours must be.

import * as CloseCode from '../../../../src/protocol/close-codes.js';
import { maxCloseReasonBytes } from '../../../../src/protocol/close-reason.js';

export interface FrameBytes {
  /** FIN, RSV and opcode. */
  readonly first: number;
  readonly payload: Uint8Array;
  /** A client must. */
  readonly isMasked: boolean;
  /** In how many bytes the length is written: as few as it takes, or more. */
  readonly lengthBytes: 0 | 2 | 8;
  /** How much more, or less, the length says than there is. */
  readonly lie: number;
}

export function writeFrame({ first, payload, isMasked, lengthBytes, lie }: FrameBytes): Buffer {
  const length = Math.max(0, payload.length + lie);
  const mask = isMasked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0);
  const flag = isMasked ? 0x80 : 0;
  let size: Buffer;
  if (lengthBytes === 8 || length > 0xffff) {
    size = Buffer.alloc(9, flag | 127);
    size.writeBigUInt64BE(BigInt(length), 1);
  } else if (lengthBytes === 2 || length > 125) {
    size = Buffer.from([flag | 126, length >> 8, length & 0xff]);
  } else size = Buffer.from([flag | length]);
  const body = isMasked ? payload.map((byte, index) => byte ^ ((index % 4) + 1)) : payload;
  return Buffer.concat([Buffer.from([first]), size, mask, body]);
}

/** A frame as a client should send it. */
export function goodFrame(first: number, payload: string | Uint8Array): Buffer {
  return writeFrame({ first, payload: Buffer.from(payload), isMasked: true, lengthBytes: 0, lie: 0 });
}

export interface Heard {
  /** Close codes in the order in which they came: one at most. */
  readonly codes: readonly number[];
  readonly texts: readonly { readonly type: string }[];
}

const text = 0x81;
const close = 0x88;
const ping = 0x89;
const pong = 0x8a;

/** What came from a server. @throws Error for the first thing that it must not send. */
export function readFrames(bytes: Buffer): Heard {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const codes: number[] = [];
  const texts: { readonly type: string }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes.readUInt8(at);
    const short = bytes.readUInt8(at + 1);
    if (short > 127) throw new Error('A frame of a server is masked.');
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    at += short < 126 ? 2 : short === 126 ? 4 : 10;
    const payload = bytes.subarray(at, at + length);
    if (payload.length < length) throw new Error('A frame is cut short.');
    at += length;
    if (codes.length > 0) throw new Error(`Something follows the close frame: ${first.toString(16)} ${payload}`);
    if (first === text) texts.push(JSON.parse(utf8.decode(payload)));
    else if (first === close) codes.push(readClose(payload, utf8));
    else if (first !== ping && first !== pong) throw new Error(`A frame begins with ${first.toString(16)}.`);
  }
  return { codes, texts };
}

/** RFC 6455, sections 5.5.1 and 7.4. */
function readClose(payload: Buffer, utf8: TextDecoder): number {
  if (payload.length === 0) return CloseCode.noStatus;
  const code = payload.readUInt16BE(0);
  const isLegal = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code < 5000);
  if (!isLegal) throw new Error(`The close code ${code} must not be sent.`);
  if (payload.length - 2 > maxCloseReasonBytes) throw new Error(`The reason has ${payload.length - 2} bytes.`);
  utf8.decode(payload.subarray(2));
  return code;
}
