/** Photoshop's image resources: `8BIM`, a number, a name padded to even, a length, data padded to even. */

const iptc = 0x0404;

/** The records of IPTC in them, up to the first damaged resource. */
export function iptcOfPhotoshop(resources: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 12 <= resources.length; ) {
    if (resources.toString('latin1', at, at + 4) !== '8BIM') break;
    const name = 1 + resources[at + 6]!;
    const size = at + 6 + name + (name % 2);
    if (size + 4 > resources.length) break;
    const [data, length] = [size + 4, resources.readUInt32BE(size)];
    if (resources.readUInt16BE(at + 4) === iptc) found.push(resources.subarray(data, data + length));
    at = data + length + (length % 2);
  }
  return found;
}
