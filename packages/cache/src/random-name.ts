/**
 * 128 random bits in hexadecimal. Private names are made of nothing else: containers that share a folder also share
 * process ids and sometimes host names.
 */
export function randomName(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
}
