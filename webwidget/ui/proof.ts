// The proof of work that a new conversation costs while a storm of requests lasts. The form fetches this module when the
// service wants a proof. `crypto.subtle` does not exist on plain http pages, and would be slower for so many short texts.

import type { Problem } from "./api";

/** What the service wants: that SHA-256(challenge ":" nonce) begins with `bits` zero bits, which are at most 32. */
type Wanted = Pick<Problem, "challenge" | "bits">;

/** The proof that the service gets. */
export interface Proof {
  challenge?: string;
  nonce: string;
}

/** Returns the first 32 bits of the fractional part of a number. */
const bitsOf = (x: number) => (x % 1) * 2 ** 32;

/** The initial words of SHA-256 and the words of its rounds (FIPS 180-4 §4.2.2, §5.3.3), made of roots of the first primes. */
const begin: number[] = [];
const round: number[] = [];
for (let n = 2; round.length < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) prime &&= n % d > 0;
  if (!prime) continue;
  if (begin.length < 8) begin.push(bitsOf(Math.sqrt(n)) | 0);
  round.push(bitsOf(Math.cbrt(n)) | 0);
}

const turn = (x: number, bits: number) => (x >>> bits) | (x << (32 - bits));

/** The words of one block, used again and again. */
const w = new Int32Array(64);

/** Returns the first 32 bits of a text's SHA-256 (FIPS 180-4 §6.2). The text is ASCII. */
export function hash(text: string): number {
  let state = begin;
  const end = text.length;
  for (let at = 0; at < end + 9; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = 0;
    for (let i = 0; i < 64 && at + i <= end; i++)
      w[i >> 2]! |= (at + i < end ? text.charCodeAt(at + i) : 0x80) << (24 - (i & 3) * 8);
    if (at + 64 >= end + 9) w[15] = end * 8;
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      if (i > 15) {
        const x = w[i - 15]!;
        const y = w[i - 2]!;
        w[i] = w[i - 16]! + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[i - 7]! + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
      }
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + round[i]! + w[i]!) | 0;
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    const last = [a, b, c, d, e, f, g, h];
    state = state.map((x, i) => (x + last[i]!) | 0);
  }
  return state[0]! >>> 0;
}

/** Finds a nonce. It works in slices of 10 ms, so that the page stays responsive. */
async function solve({ challenge, bits }: Wanted): Promise<Proof> {
  const { port1, port2 } = new MessageChannel(); // timers would be slow in a page that nobody looks at
  for (let nonce = 0; ; ) {
    for (const until = performance.now() + 10; performance.now() < until; )
      for (let i = 0; i < 50; i++, nonce++)
        if (Math.clz32(hash(challenge + ":" + nonce)) >= bits) {
          port1.close();
          return { challenge, nonce: "" + nonce };
        }
    await new Promise((done) => {
      port1.onmessage = done;
      port2.postMessage(0);
    });
  }
}

/**
 * Sends a request with the proof that the service wants. The service may want another one, at most three in all; a visitor
 * could not do what its refusal says.
 */
export async function prove<T>(send: (body: object) => Promise<T>, body: object, why: Problem): Promise<T> {
  for (let tries = 3; why.challenge && tries; tries--)
    try {
      return await send({ ...body, proof: await solve(why) });
    } catch (error) {
      why = error as Problem;
    }
  throw why.challenge ? { ...why, detail: "" } : why;
}
